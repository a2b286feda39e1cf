package io.mistraloperator.gateway.route;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.gateway.chat.ModelFacts;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Turns the wire form of a route into a value. */
final class RouteReader {
  private RouteReader() {}

  /**
   * Reads a route.
   *
   * @throws RuntimeException when a required part is missing or unreadable; the message names it
   */
  static Route read(ObjectMeta meta, InferenceRouteSpec spec) {
    InferenceRouteSpec.Backend backend = need(spec.backend(), "spec.backend");
    InferenceRouteSpec.Owner owner = need(spec.owner(), "spec.owner");
    return new Route(
        need(meta.getName(), "metadata.name").toLowerCase(Locale.ROOT),
        need(spec.endpointName(), "spec.endpointName"),
        need(owner.name(), "spec.owner.name"),
        need(owner.namespace(), "spec.owner.namespace"),
        Instant.parse(need(meta.getCreationTimestamp(), "metadata.creationTimestamp")),
        need(spec.hosts(), "spec.hosts").stream().map(h -> h.toLowerCase(Locale.ROOT)).toList(),
        model(need(spec.model(), "spec.model"), need(backend.engine(), "spec.backend.engine")),
        need(backend.engine(), "spec.backend.engine"),
        new ServiceRef(
            need(backend.namespace(), "spec.backend.namespace"),
            need(backend.service(), "spec.backend.service")),
        need(backend.servedModel(), "spec.backend.servedModel"),
        digests(need(spec.keys(), "spec.keys")));
  }

  private static ModelFacts model(InferenceRouteSpec.Model model, Engine engine) {
    MistralModelSpec.Capabilities can = need(model.capabilities(), "spec.model.capabilities");
    return new ModelFacts(
        need(model.name(), "spec.model.name"),
        need(model.provider(), "spec.model.provider"),
        need(model.task(), "spec.model.task"),
        need(model.tokenizer(), "spec.model.tokenizer"),
        need(model.contextLength(), "spec.model.contextLength"),
        Boolean.TRUE.equals(can.tools()),
        Boolean.TRUE.equals(can.json()),
        // llama.cpp runs without the projector that images need.
        Boolean.TRUE.equals(can.vision()) && engine == Engine.VLLM,
        Boolean.TRUE.equals(can.systemRole()));
  }

  private static List<byte[]> digests(List<InferenceRouteSpec.KeyDigest> keys) {
    return keys.stream()
        .map(key -> HexFormat.of().parseHex(need(key.sha256(), "spec.keys[].sha256")))
        .toList();
  }

  private static <T> T need(T value, String path) {
    return Objects.requireNonNull(value, path + " is missing or unknown");
  }
}
