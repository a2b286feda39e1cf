package io.mistraloperator.gateway.route;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.RequestLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns the wire form of a route into a value. */
final class RouteReader {
  /** Bytes that a body with images may have (row G17). */
  private static final int VISION_BODY_BYTES = 64 * 1024 * 1024;

  private static final long MEGABYTE = 1024 * 1024;

  private RouteReader() {}

  /**
   * Reads a route.
   *
   * @param defaults bounds of a request where the route says nothing
   * @throws RuntimeException when a required part is missing or unreadable; the message names it
   */
  static Route read(ObjectMeta meta, InferenceRouteSpec spec, RequestLimits defaults) {
    InferenceRouteSpec.Backend backend = need(spec.backend(), "spec.backend");
    InferenceRouteSpec.Owner owner = need(spec.owner(), "spec.owner");
    String project = need(owner.namespace(), "spec.owner.namespace");
    Access access = AccessReader.read(Optional.ofNullable(spec.auth()), project);
    List<byte[]> keys = digests(need(spec.keys(), "spec.keys"));
    ModelFacts model =
        model(need(spec.model(), "spec.model"), need(backend.engine(), "spec.backend.engine"));
    RequestSettings settings =
        Optional.ofNullable(spec.requestSettings())
            .orElseGet(() -> new RequestSettings(null, null, null, null, null, null));
    return new Route(
        need(meta.getName(), "metadata.name").toLowerCase(Locale.ROOT),
        need(spec.endpointName(), "spec.endpointName"),
        need(owner.name(), "spec.owner.name"),
        project,
        Instant.parse(need(meta.getCreationTimestamp(), "metadata.creationTimestamp")),
        need(spec.hosts(), "spec.hosts").stream().map(h -> h.toLowerCase(Locale.ROOT)).toList(),
        model,
        need(backend.engine(), "spec.backend.engine"),
        new ServiceRef(
            need(backend.namespace(), "spec.backend.namespace"),
            need(backend.service(), "spec.backend.service")),
        need(backend.servedModel(), "spec.backend.servedModel"),
        // Where keys are not accepted nobody must be able to accept one by mistake.
        access instanceof Access.Keys ? keys : List.of(),
        limits(settings, model, defaults),
        access,
        queueing(settings, Optional.ofNullable(spec.hold())));
  }

  private static Queueing queueing(
      RequestSettings settings, Optional<InferenceRouteSpec.Hold> hold) {
    Integer bound = settings.maxConcurrentRequestsPerInstance();
    return new Queueing(
        bound == null ? OptionalInt.empty() : OptionalInt.of(bound),
        seconds(settings.maxQueueWaitSeconds())
            .orElse(Duration.ofSeconds(Integer.parseInt(RequestSettings.QUEUE_WAIT))),
        hold.map(
            bounds ->
                new Queueing.Hold(
                    need(bounds.maxRequests(), "spec.hold.maxRequests"),
                    need(bounds.maxMegabytes(), "spec.hold.maxMegabytes") * MEGABYTE,
                    Duration.ofSeconds(
                        need(bounds.timeoutSeconds(), "spec.hold.timeoutSeconds")))));
  }

  private static RequestLimits limits(
      RequestSettings settings, ModelFacts model, RequestLimits defaults) {
    int bodyBytes =
        model.vision() ? Math.max(VISION_BODY_BYTES, defaults.bodyBytes()) : defaults.bodyBytes();
    return new RequestLimits(
        seconds(settings.timeoutSeconds()).orElse(defaults.total()),
        seconds(settings.firstTokenTimeoutSeconds()).orElse(defaults.firstToken()),
        seconds(settings.betweenTokensTimeoutSeconds()).orElse(defaults.betweenTokens()),
        Optional.ofNullable(settings.maxBodyBytes()).orElse(bodyBytes));
  }

  private static Optional<Duration> seconds(Integer value) {
    return Optional.ofNullable(value).map(Duration::ofSeconds);
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
