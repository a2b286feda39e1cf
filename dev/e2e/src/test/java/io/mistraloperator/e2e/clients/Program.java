package io.mistraloperator.e2e.clients;

import static io.mistraloperator.e2e.cluster.Chart.ROOT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client program of {@code dev/clients}; its readme says what each takes and prints. */
enum Program {
  AZURE_JAVA_BETA_1 {
    @Override
    List<String> command(Path trustStore) {
      return java("beta1", trustStore);
    }
  },
  AZURE_JAVA_BETA_5 {
    @Override
    List<String> command(Path trustStore) {
      return java("beta5", trustStore);
    }
  },
  OPENAI_PYTHON {
    @Override
    List<String> command(Path trustStore) {
      return List.of(CLIENTS.resolve("openai-python/run.sh").toString());
    }
  },
  CURL {
    @Override
    List<String> command(Path trustStore) {
      return List.of(CLIENTS.resolve("curl/chat.sh").toString());
    }
  };

  private static final Path CLIENTS = ROOT.resolve("dev/clients");
  // The first run of a program may have to fetch its packages.
  private static final int TIMEOUT_SECONDS = 180;

  /** What a program did. */
  record Outcome(int exitCode, List<String> out, String err) {}

  abstract List<String> command(Path trustStore);

  /** Runs the program. {@code trustStore} is PKCS12 with password {@code changeit}. */
  Outcome run(String mode, String url, String key, Path caFile, Path trustStore) {
    List<String> command = new ArrayList<>(command(trustStore));
    command.add(mode);
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .putAll(Map.of("ENDPOINT_URL", url, "ENDPOINT_KEY", key, "CA_FILE", caFile.toString()));
    try {
      Path err = caFile.resolveSibling(name() + ".err");
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(this + " did not end");
      }
      return new Outcome(process.exitValue(), out.lines().toList(), Files.readString(err));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private static List<String> java(String version, Path trustStore) {
    Path target = CLIENTS.resolve("azure-java").resolve(version).resolve("target");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djavax.net.ssl.trustStore=" + trustStore,
        "-Djavax.net.ssl.trustStorePassword=changeit",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-cp",
        target.resolve("classes") + ":" + target.resolve("lib") + "/*",
        "io.mistraloperator.clients.Chat");
  }
}
