package io.mistraloperator.api.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import java.nio.file.Path;

/** Starts API servers of installed programs. */
public final class StartedServer {
  private static final int ATTEMPTS = 3;

  private StartedServer() {}

  /**
   * A server that runs.
   *
   * @param directory of the programs
   * @param version of Kubernetes
   * @throws KubeAPITestException when it does not start
   */
  public static KubeAPIServer of(Path directory, String version) {
    for (int attempt = 1; ; attempt++) {
      var server =
          new KubeAPIServer(
              KubeAPIServerConfigBuilder.anAPIServerConfig()
                  .withTestDir(directory.toString())
                  .withApiServerVersion(version)
                  .withOfflineMode(true)
                  .withUpdateKubeConfig(false)
                  .build());
      try {
        server.start();
        return server;
      } catch (KubeAPITestException e) {
        server.stop();
        // Its ports are chosen before they are bound, and anybody may be faster.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }
}
