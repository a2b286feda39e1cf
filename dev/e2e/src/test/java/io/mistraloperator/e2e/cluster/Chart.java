package io.mistraloperator.e2e.cluster;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.Release;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The chart of this repository with the demo's values, as one release of a cluster. */
public final class Chart {
  /** Name of the release. */
  public static final String RELEASE = "mistral";

  /** Root of the repository. */
  public static final Path ROOT = Path.of(System.getProperty("mistral.root")).toAbsolutePath();

  private static final int TIMEOUT_SECONDS = 180;

  // What the demo's script sets as well on a cluster of its own.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "gateway.service.type",
          "NodePort",
          "gateway.service.httpsNodePort",
          Integer.toString(Node.GATEWAY_NODE_PORT),
          // No node is on its way here.
          "rollout.surgePatienceSeconds",
          "5");

  private final String kubeconfig;
  private final Helm helm = new Helm(ROOT.resolve("helm/mistral-operator"));
  private final Path values = ROOT.resolve("dev/demo/values.yaml");
  private Optional<Release> installed = Optional.empty();

  Chart(String kubeconfig) {
    this.kubeconfig = kubeconfig;
  }

  /** {@code helm install --wait}, once. */
  void install() {
    var install =
        helm.install()
            .withName(RELEASE)
            .withNamespace(Cluster.PLATFORM)
            .withValuesFile(values)
            .withKubeConfigContents(kubeconfig)
            .waitReady()
            .withTimeout(TIMEOUT_SECONDS);
    SETTINGS.forEach(install::set);
    installed = Optional.of(install.call());
  }

  /** What the installation said. */
  public Release installation() {
    return installed.orElseThrow();
  }

  /** {@code helm upgrade --wait} of the same chart with these values changed. */
  public Release upgrade(Map<String, String> changes) {
    var upgrade =
        helm.upgrade()
            .withName(RELEASE)
            .withNamespace(Cluster.PLATFORM)
            .withValuesFile(values)
            .withKubeConfigContents(kubeconfig)
            .waitReady()
            .withTimeout(TIMEOUT_SECONDS);
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.putAll(changes);
    settings.forEach(upgrade::set);
    return upgrade.call();
  }

  /** {@code helm template} with the values of the installation. */
  public String rendered() {
    var template =
        helm.template()
            .withName(RELEASE)
            .withNamespace(Cluster.PLATFORM)
            .withValuesFile(values)
            .withKubeVersion("1.34.4")
            .skipCrds();
    SETTINGS.forEach(template::set);
    return template.call();
  }

  /** {@code helm uninstall}. */
  public String uninstall() {
    return Helm.uninstall(RELEASE)
        .withNamespace(Cluster.PLATFORM)
        .withKubeConfigContents(kubeconfig)
        .call();
  }
}
