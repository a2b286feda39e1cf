package io.mistraloperator.e2e.cluster;

import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.Container.ExecResult;

/** The node's {@code kubectl}: what a person types, with what a person reads. */
public final class Kubectl {
  private final Node node;

  Kubectl(Node node) {
    this.node = node;
  }

  /** One finished command. */
  public record Result(String command, int exitCode, String out, String err) {
    /** Standard output of a command that succeeded. */
    public String orFail() {
      if (exitCode != 0) {
        throw new AssertionError(command + " ended with " + exitCode + ":\n" + out + err);
      }
      return out;
    }

    /** Both outputs, for commands that may fail. */
    public String all() {
      return out + err;
    }
  }

  /** Runs {@code kubectl arguments}. */
  public Result run(String... arguments) {
    List<String> command = new ArrayList<>(List.of("kubectl"));
    command.addAll(List.of(arguments));
    ExecResult result = node.exec(command.toArray(String[]::new));
    return new Result(
        String.join(" ", command), result.getExitCode(), result.getStdout(), result.getStderr());
  }

  /** Runs {@code kubectl verb -f manifest more...} with the manifest's text in a file. */
  public Result onManifest(String verb, String manifest, String... more) {
    String file = "/tmp/" + Integer.toHexString(manifest.hashCode()) + ".yaml";
    node.write(manifest, file);
    List<String> arguments = new ArrayList<>(List.of(verb, "-f", file));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  /** {@code kubectl apply}, which must succeed. */
  public String apply(String manifest, String... more) {
    return onManifest("apply", manifest, more).orFail();
  }
}
