package io.mistraloperator.api.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where etcd, kube-apiserver and kubectl lie.
 *
 * @param directory the folder that the system property or environment variable {@code
 *     KUBE_API_TEST_DIR} names
 * @param version Kubernetes version, without {@code v}
 * @param folder the folder of the binaries
 */
record ServerBinaries(Path directory, String version, Path folder) {
  private static final String VARIABLE = "KUBE_API_TEST_DIR";

  /** The newest ones that this machine has. */
  static Optional<ServerBinaries> find() {
    var k8s = directoryToSearch().resolve("k8s");
    if (!Files.isDirectory(k8s)) {
      return Optional.empty();
    }
    try (var folders = Files.list(k8s)) {
      return folders
          .filter(folder -> Files.isExecutable(folder.resolve("kube-apiserver")))
          .max(Comparator.comparing(Path::toString))
          .map(
              folder ->
                  new ServerBinaries(
                      k8s.getParent(), folder.getFileName().toString().split("-")[0], folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where {@link #find} looks. */
  static Path directoryToSearch() {
    return Optional.ofNullable(System.getProperty(VARIABLE))
        .or(() -> Optional.ofNullable(System.getenv(VARIABLE)))
        .map(Path::of)
        .orElseGet(() -> cache().resolve("kubeapitest"));
  }

  private static Path cache() {
    return Optional.ofNullable(System.getenv("MISTRAL_CACHE"))
        .map(Path::of)
        .or(
            () ->
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                    .map(home -> Path.of(home, "mistral-operator")))
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "mistral-operator"));
  }

  Path kubectl() {
    return folder.resolve("kubectl");
  }
}
