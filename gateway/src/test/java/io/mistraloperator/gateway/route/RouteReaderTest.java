package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteReaderTest {
  @ParameterizedTest
  @CsvSource({"true,VLLM,true", "true,LlamaCpp,false", "false,VLLM,false", ",VLLM,false"})
  @DisplayName(
      "A17.1, G17 a model sees where it can and its engine can, and takes larger bodies then")
  void vision(Boolean capable, Engine engine, boolean sees) {
    InferenceRouteSpec spec =
        ClusterObjects.deployed(
                ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY),
                given -> withVision(given, capable, engine))
            .getSpec();
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName("chat-one")
            .withCreationTimestamp("2026-11-21T08:00:00Z")
            .build();

    Route read = RouteReader.read(meta, spec, Routes.LIMITS);

    assertThat(Routes.only(read).model().vision()).isEqualTo(sees);
    assertThat(Routes.only(read).limits()).isEqualTo(sees ? Routes.SEEING_LIMITS : Routes.LIMITS);
  }

  private static InferenceRouteSpec.Deployment withVision(
      InferenceRouteSpec.Deployment given, Boolean capable, Engine engine) {
    InferenceRouteSpec.Model model = given.model();
    return new InferenceRouteSpec.Deployment(
        given.name(),
        given.uid(),
        given.weight(),
        given.mirror(),
        new InferenceRouteSpec.Model(
            model.name(),
            model.provider(),
            model.task(),
            model.tokenizer(),
            model.contextLength(),
            new MistralModelSpec.Capabilities(true, true, capable, true, false)),
        new InferenceRouteSpec.Backend(engine, "team-a", "chat-engine", "m"),
        null,
        null);
  }

  @Test
  @DisplayName("T-U6 a route that an earlier operator wrote has one deployment, which has it all")
  void earlierForm() {
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName("chat-one")
            .withCreationTimestamp("2026-11-21T08:00:00Z")
            .build();
    InferenceRoute written = ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY);
    Route anew = RouteReader.read(meta, written.getSpec(), Routes.LIMITS);

    Route earlier =
        RouteReader.read(meta, ClusterObjects.earlier(written).getSpec(), Routes.LIMITS);

    assertThat(earlier.deployments()).isEqualTo(anew.deployments()).hasSize(1);
    assertThat(Routes.only(earlier).weight()).isEqualTo(100);
  }
}
