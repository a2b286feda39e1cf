package io.mistraloperator.gateway.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceRouteSpec;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.RequestSettings;
import io.mistraloperator.api.TokenizerMode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.RequestLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  private static final String DEPLOYMENTS = "spec.deployments[].";
  private static final long MEGABYTE = 1024 * 1024;

  private RouteReader() {}

  /**
   * A route, as far as it can be read.
   *
   * @param route with the deployments that can be read, at least one
   * @param unreadable what is wrong with each of the others, for people
   */
  record Reading(Route route, List<String> unreadable) {}

  /**
   * Reads a route.
   *
   * @param spec what the API server gave; null where there is none
   * @param defaults bounds of a request where the route says nothing
   * @throws IllegalArgumentException when a part is missing or unreadable without which the
   *     endpoint cannot be served; the message names it
   */
  static Reading read(ObjectMeta meta, Object spec, RequestLimits defaults) {
    try {
      return read(meta, RouteForm.of(spec), defaults);
    } catch (JsonProcessingException | RuntimeException cause) {
      throw new IllegalArgumentException(words(cause), cause);
    }
  }

  private static Reading read(ObjectMeta meta, RouteForm form, RequestLimits defaults) {
    InferenceRouteSpec spec = form.common();
    String id = need(meta.getName(), "metadata.name").toLowerCase(Locale.ROOT);
    List<Deployment> deployments = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (RouteForm.Piece piece : form.deployments()) {
      try {
        deployments.add(deployment(id, piece.read(), defaults));
      } catch (JsonProcessingException | RuntimeException cause) {
        unreadable.add("deployment %s: %s".formatted(piece.name().orElse("?"), words(cause)));
      }
    }
    if (deployments.isEmpty()) {
      throw new IllegalArgumentException(
          unreadable.isEmpty() ? "spec.deployments is missing" : String.join("; ", unreadable));
    }
    return new Reading(route(meta, spec, id, deployments), List.copyOf(unreadable));
  }

  private static Route route(
      ObjectMeta meta, InferenceRouteSpec spec, String id, List<Deployment> deployments) {
    InferenceRouteSpec.Owner owner = need(spec.owner(), "spec.owner");
    String project = need(owner.namespace(), "spec.owner.namespace");
    Access access = AccessReader.read(Optional.ofNullable(spec.auth()), project);
    List<byte[]> keys = digests(need(spec.keys(), "spec.keys"));
    return new Route(
        id,
        need(spec.endpointName(), "spec.endpointName"),
        project,
        Instant.parse(need(meta.getCreationTimestamp(), "metadata.creationTimestamp")),
        need(spec.hosts(), "spec.hosts").stream().map(h -> h.toLowerCase(Locale.ROOT)).toList(),
        // Where keys are not accepted nobody must be able to accept one by mistake.
        access instanceof Access.Keys ? keys : List.of(),
        access,
        deployments);
  }

  private static Deployment deployment(
      String route, InferenceRouteSpec.Deployment given, RequestLimits defaults) {
    InferenceRouteSpec.Backend backend = need(given.backend(), DEPLOYMENTS + "backend");
    Engine engine = need(backend.engine(), DEPLOYMENTS + "backend.engine");
    ModelFacts model = model(need(given.model(), DEPLOYMENTS + "model"), backend, engine);
    RequestSettings settings =
        Optional.ofNullable(given.requestSettings())
            .orElseGet(() -> new RequestSettings(null, null, null, null, null, null, null));
    String name = need(given.name(), DEPLOYMENTS + "name");
    return new Deployment(
        route + "/" + name,
        name,
        need(given.weight(), DEPLOYMENTS + "weight"),
        Objects.requireNonNullElse(given.mirror(), 0),
        model,
        engine,
        new ServiceRef(
            need(backend.namespace(), DEPLOYMENTS + "backend.namespace"),
            need(backend.service(), DEPLOYMENTS + "backend.service")),
        need(backend.servedModel(), DEPLOYMENTS + "backend.servedModel"),
        limits(settings, model, defaults),
        queueing(settings, Optional.ofNullable(given.hold())));
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
                    need(bounds.maxRequests(), DEPLOYMENTS + "hold.maxRequests"),
                    need(bounds.maxMegabytes(), DEPLOYMENTS + "hold.maxMegabytes") * MEGABYTE,
                    Duration.ofSeconds(
                        need(bounds.timeoutSeconds(), DEPLOYMENTS + "hold.timeoutSeconds")))));
  }

  private static RequestLimits limits(
      RequestSettings settings, ModelFacts model, RequestLimits defaults) {
    int bodyBytes =
        model.vision() ? Math.max(VISION_BODY_BYTES, defaults.bodyBytes()) : defaults.bodyBytes();
    return new RequestLimits(
        seconds(settings.timeoutSeconds()).orElse(defaults.total()),
        seconds(settings.connectTimeoutSeconds()).orElse(defaults.connect()),
        seconds(settings.firstTokenTimeoutSeconds()).orElse(defaults.firstToken()),
        seconds(settings.betweenTokensTimeoutSeconds()).orElse(defaults.betweenTokens()),
        Optional.ofNullable(settings.maxBodyBytes()).orElse(bodyBytes));
  }

  private static Optional<Duration> seconds(Integer value) {
    return Optional.ofNullable(value).map(Duration::ofSeconds);
  }

  private static ModelFacts model(
      InferenceRouteSpec.Model model, InferenceRouteSpec.Backend backend, Engine engine) {
    MistralModelSpec.Capabilities can =
        need(model.capabilities(), DEPLOYMENTS + "model.capabilities");
    MistralModelSpec.Tokenizer tokenizer = need(model.tokenizer(), DEPLOYMENTS + "model.tokenizer");
    return new ModelFacts(
        need(model.name(), DEPLOYMENTS + "model.name"),
        need(model.provider(), DEPLOYMENTS + "model.provider"),
        need(model.task(), DEPLOYMENTS + "model.task"),
        tokenizer,
        need(model.contextLength(), DEPLOYMENTS + "model.contextLength"),
        Boolean.TRUE.equals(can.tools()),
        Boolean.TRUE.equals(can.json()),
        // llama.cpp runs without the projector that images need.
        Boolean.TRUE.equals(can.vision()) && engine == Engine.VLLM,
        Boolean.TRUE.equals(can.systemRole()),
        engine == Engine.LlamaCpp
            || templated(tokenizer, Optional.ofNullable(backend.tokenizerMode())));
  }

  /** Whether vLLM makes one text of a conversation, or may do so. */
  private static boolean templated(
      MistralModelSpec.Tokenizer tokenizer, Optional<TokenizerMode> mode) {
    return mode.map(known -> known != TokenizerMode.Mistral)
        .orElse(tokenizer.compareTo(MistralModelSpec.Tokenizer.V3) < 0);
  }

  /** What an error says, without the places in the text that Jackson adds. */
  private static String words(Exception cause) {
    return cause instanceof JsonProcessingException jackson
        ? jackson.getOriginalMessage()
        : String.valueOf(cause.getMessage());
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
