package io.mistraloperator.operator;

import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.mistraloperator.operator.definitions.DefinitionUpgrade;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.time.Duration;
import java.util.List;

/**
 * Starts the operator; with the argument {@value #APPLY_DEFINITIONS} brings the cluster's
 * definitions to this version instead, and ends.
 */
@QuarkusMain
public class Main {
  static final String APPLY_DEFINITIONS = "apply-definitions";

  private static final Duration ESTABLISHED_WITHIN = Duration.ofSeconds(60);

  private Main() {}

  /** Entry point of the program. */
  public static void main(String... args) {
    if (List.of(args).equals(List.of(APPLY_DEFINITIONS))) {
      // The client's threads outlive it: nothing but an exit ends the program.
      System.exit(applyDefinitions());
    }
    Quarkus.run(args);
  }

  private static int applyDefinitions() {
    try (var client = new KubernetesClientBuilder().build()) {
      new DefinitionUpgrade(client, ESTABLISHED_WITHIN)
          .run()
          .forEach(name -> System.out.println(name + " is up to date"));
      return 0;
    } catch (RuntimeException e) {
      System.err.println("The definitions could not be brought up to date: " + e.getMessage());
      return 1;
    }
  }
}
