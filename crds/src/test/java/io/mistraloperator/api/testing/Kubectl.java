package io.mistraloperator.api.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The kubectl that users type.
 *
 * @param program the binary
 * @param kubeconfig its configuration
 */
public record Kubectl(Path program, Path kubeconfig) {
  /** What a call printed, both streams together, and its exit status. */
  public record Result(int status, String output) {}

  /** Runs a command to its end. */
  public Result run(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kubectl ran", e);
    }
  }

  /** Runs a command that has to succeed and gives what it printed. */
  public String output(String... arguments) {
    var result = run(arguments);
    if (result.status() != 0) {
      throw new AssertionError(
          "kubectl " + String.join(" ", arguments) + " failed: " + result.output());
    }
    return result.output();
  }
}
