package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.gateway.testing.ClusterObjects;
import io.mistraloperator.gateway.testing.Routes;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteReaderTest {
  @ParameterizedTest
  @CsvSource({"true,VLLM,true", "true,LlamaCpp,false", "false,VLLM,false", ",VLLM,false"})
  @DisplayName(
      "A17.1, G17 a model sees where it can and its engine can, and takes larger bodies then")
  void vision(Boolean capable, Engine engine, boolean sees) {
    InferenceRouteSpec given =
        ClusterObjects.route("mistral-system", "chat-one", Routes.PRIMARY).getSpec();
    InferenceRouteSpec.Model model = given.model();
    InferenceRouteSpec spec =
        new InferenceRouteSpec(
            given.owner(),
            given.endpointName(),
            given.hosts(),
            new InferenceRouteSpec.Model(
                model.name(),
                model.provider(),
                model.task(),
                model.tokenizer(),
                model.contextLength(),
                new MistralModelSpec.Capabilities(true, true, capable, true)),
            new InferenceRouteSpec.Backend(engine, "team-a", "chat-engine", "m"),
            given.keys(),
            given.requestSettings(),
            given.auth(),
            given.hold());
    ObjectMeta meta =
        new ObjectMetaBuilder()
            .withName("chat-one")
            .withCreationTimestamp("2026-11-21T08:00:00Z")
            .build();

    Route read = RouteReader.read(meta, spec, Routes.LIMITS);

    assertThat(read.model().vision()).isEqualTo(sees);
    assertThat(read.limits()).isEqualTo(sees ? Routes.SEEING_LIMITS : Routes.LIMITS);
  }
}
