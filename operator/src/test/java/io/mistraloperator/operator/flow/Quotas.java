package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Event;
import io.mistraloperator.api.MistralDeployment;
import java.util.List;

/**
 * What people see of quota, and do about it.
 *
 * @param world where
 */
record Quotas(World world) {
  void scale(String name, int instances) {
    world
        .server
        .kubectl()
        .output(
            "scale", "-n", world.project, "mistraldeployment/" + name, "--replicas=" + instances);
  }

  void outOfQuota(String name, String... words) {
    world.eventually(
        () -> {
          MistralDeployment deployment = world.deployment(name);
          for (String type : List.of("QuotaSatisfied", "Stalled")) {
            var condition = world.condition(deployment, type);
            assertThat(condition.getReason()).as(type).isEqualTo("OutOfQuota");
            assertThat(condition.getMessage()).contains(words);
          }
          assertThat(world.condition(deployment, "QuotaSatisfied").getStatus()).isEqualTo("False");
        });
  }

  void satisfied(String name, String words) {
    world.eventually(
        () -> {
          var condition = world.condition(world.deployment(name), "QuotaSatisfied");
          assertThat(condition.getStatus()).as(condition.getMessage()).isEqualTo("True");
          assertThat(condition.getMessage()).contains(words);
        });
  }

  void used(String summary) {
    world.eventually(() -> assertThat(world.used(world.project)).isEqualTo(summary));
  }

  int replicas(String name) {
    return world
        .engine(world.project, name)
        .map(engine -> engine.getSpec().getReplicas())
        .orElse(-1);
  }

  long generation(String name) {
    return world.engine(world.project, name).orElseThrow().getMetadata().getGeneration();
  }

  List<String> warnings(String name) {
    return world.client.v1().events().inNamespace(world.project).list().getItems().stream()
        .filter(event -> event.getInvolvedObject().getName().equals(name))
        .filter(event -> event.getType().equals("Warning"))
        .map(Event::getReason)
        .toList();
  }
}
