package io.mistraloperator.e2e.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One run of a program through all its steps.
 *
 * @param saw what the program printed for each step, in its order
 * @param exitCode of the program
 * @param err what it said on the standard error
 */
record Run(Map<String, String> saw, int exitCode, String err) {
  // The first run may have to fetch the program's packages.
  private static final int TIMEOUT_SECONDS = 240;
  private static final int ERR_CHARACTERS = 8_000;

  /**
   * Where a program finds the endpoint.
   *
   * @param name of the endpoint, which selects it on {@code unifiedUrl}, the project's
   * @param trustStore holds the CA for Java
   */
  record Endpoint(
      String url, String unifiedUrl, String name, String key, Path caFile, Path trustStore) {}

  /** Runs a program; its files lie beside the CA's. */
  static Run of(Program program, Endpoint endpoint) {
    Path out = endpoint.caFile().resolveSibling(program.name() + ".out");
    Path err = endpoint.caFile().resolveSibling(program.name() + ".err");
    var builder =
        new ProcessBuilder(program.command(endpoint.trustStore()))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "ENDPOINT_URL",
                endpoint.url(),
                "UNIFIED_URL",
                endpoint.unifiedUrl(),
                "ENDPOINT_NAME",
                endpoint.name(),
                "ENDPOINT_KEY",
                endpoint.key(),
                "CA_FILE",
                endpoint.caFile().toString()));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "%s did not end in %d s; it printed:%n%s%n%s"
                .formatted(program, TIMEOUT_SECONDS, Files.readString(out), end(err)));
      }
      return new Run(lines(out), process.exitValue(), end(err));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  /** What the program printed for a step, or empty when it never came to it. */
  Optional<String> saw(Step step) {
    return Optional.ofNullable(saw.get(step.toString()));
  }

  private static Map<String, String> lines(Path out) throws IOException {
    Map<String, String> saw = new LinkedHashMap<>();
    for (String line : Files.readAllLines(out)) {
      String[] parts = line.split(": ", 2);
      saw.put(parts[0], parts.length == 2 ? parts[1] : "");
    }
    return saw;
  }

  private static String end(Path err) throws IOException {
    String said = Files.readString(err);
    return said.substring(Math.max(0, said.length() - ERR_CHARACTERS));
  }
}
