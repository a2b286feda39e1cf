package io.mistraloperator.gateway.testing;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.RequestLimits;
import io.mistraloperator.gateway.route.Access;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Queueing;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.ServiceRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Routes for tests. */
public final class Routes {
  public static final String PRIMARY = "AbCdEfGhIjKlMnOpQrStUvWxYz012345";
  public static final String SECONDARY = "zYxWvUtSrQpOnMlKjIhGfEdCbA543210";
  public static final ModelFacts CHAT = facts(true, true, true);

  public static final RequestLimits LIMITS =
      new RequestLimits(
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(10),
          4 * 1024 * 1024);

  /** Bounds of a request to a model that sees. */
  public static final RequestLimits SEEING_LIMITS =
      new RequestLimits(
          LIMITS.total(),
          LIMITS.connect(),
          LIMITS.firstToken(),
          LIMITS.betweenTokens(),
          64 * 1024 * 1024);

  /** No bound, and nothing waits for an instance. */
  public static final Queueing QUEUEING =
      new Queueing(OptionalInt.empty(), Duration.ofSeconds(60), Optional.empty());

  private Routes() {}

  /** A chat model with the given capabilities. */
  public static ModelFacts facts(boolean tools, boolean json, boolean systemRole) {
    return new ModelFacts(
        "Mistral-Test",
        "MistralAI",
        Task.ChatCompletions,
        Tokenizer.V3Tekken,
        4096,
        tools,
        json,
        false,
        systemRole,
        false);
  }

  /** The same model, its server making one text of a conversation. */
  public static ModelFacts templated(ModelFacts like) {
    return new ModelFacts(
        like.name(),
        like.provider(),
        like.task(),
        like.tokenizer(),
        like.contextLength(),
        like.tools(),
        like.json(),
        like.vision(),
        like.systemRole(),
        true);
  }

  /** A chat model of another generation and length. */
  public static ModelFacts facts(Tokenizer tokenizer, int contextLength) {
    return new ModelFacts(
        CHAT.name(),
        CHAT.provider(),
        CHAT.task(),
        tokenizer,
        contextLength,
        CHAT.tools(),
        CHAT.json(),
        CHAT.vision(),
        CHAT.systemRole(),
        CHAT.templated());
  }

  /** A chat model of another name. */
  public static ModelFacts named(String model) {
    return new ModelFacts(
        model,
        CHAT.provider(),
        CHAT.task(),
        CHAT.tokenizer(),
        CHAT.contextLength(),
        CHAT.tools(),
        CHAT.json(),
        CHAT.vision(),
        CHAT.systemRole(),
        CHAT.templated());
  }

  /** The same route with other keys. */
  public static Route withKeys(Route route, String... keys) {
    return new Route(
        route.id(),
        route.endpoint(),
        route.project(),
        route.created(),
        route.hosts(),
        digests(keys),
        route.access(),
        route.deployments());
  }

  /** A chat model that sees images. */
  public static ModelFacts seeing() {
    return new ModelFacts(
        "Mistral-Seeing",
        "MistralAI",
        Task.ChatCompletions,
        Tokenizer.V7Tekken,
        4096,
        true,
        true,
        true,
        true,
        false);
  }

  /** A model that continues text. */
  public static ModelFacts base() {
    return new ModelFacts(
        "Mistral-Base",
        "MistralAI",
        Task.TextGeneration,
        Tokenizer.V1,
        4096,
        false,
        false,
        false,
        false,
        true);
  }

  /** A route of the given name with both keys and one deployment, which has all the weight. */
  public static Route route(String endpoint, Engine engine, ModelFacts model) {
    String id = endpoint.toLowerCase(java.util.Locale.ROOT);
    String name = id + "-blue";
    return new Route(
        id,
        endpoint,
        "team-a",
        Instant.parse("2026-11-21T08:00:00Z"),
        List.of(id + ".local.inference.localhost"),
        digests(PRIMARY, SECONDARY),
        new Access.Keys(),
        List.of(
            new Deployment(
                id + "/" + name,
                name,
                100,
                0,
                model,
                engine,
                new ServiceRef("team-a", endpoint + "-engine"),
                "served-name",
                model.vision() ? SEEING_LIMITS : LIMITS,
                QUEUEING)));
  }

  /** The only deployment of a route. */
  public static Deployment only(Route route) {
    if (route.deployments().size() != 1) {
      throw new IllegalArgumentException(route.id() + " has several deployments");
    }
    return route.deployments().getFirst();
  }

  /** The same route for other credentials. */
  public static Route accessible(Route route, Access access) {
    return new Route(
        route.id(),
        route.endpoint(),
        route.project(),
        route.created(),
        route.hosts(),
        route.keyDigests(),
        access,
        route.deployments());
  }

  /** The same route with other deployments. */
  public static Route deployed(Route route, Deployment... deployments) {
    return new Route(
        route.id(),
        route.endpoint(),
        route.project(),
        route.created(),
        route.hosts(),
        route.keyDigests(),
        route.access(),
        List.of(deployments));
  }

  /** Another deployment like that of a route, with instances of its own. */
  public static Deployment beside(Route route, String name, int weight, int mirror) {
    Deployment like = route.deployments().getFirst();
    return new Deployment(
        route.id() + "/" + name,
        name,
        weight,
        mirror,
        like.model(),
        like.engine(),
        new ServiceRef("team-a", name + "-engine"),
        like.servedModel(),
        like.limits(),
        like.queueing());
  }

  /** The same route with other bounds of a request. */
  public static Route limited(Route route, RequestLimits limits) {
    return deployed(route, with(only(route), limits, only(route).queueing()));
  }

  /** The same route, its requests waiting in another way. */
  public static Route queueing(Route route, Queueing queueing) {
    return deployed(route, with(only(route), only(route).limits(), queueing));
  }

  /** The same deployment with other bounds, and waiting in another way. */
  public static Deployment with(Deployment like, RequestLimits limits, Queueing queueing) {
    return new Deployment(
        like.id(),
        like.name(),
        like.weight(),
        like.mirror(),
        like.model(),
        like.engine(),
        like.service(),
        like.servedModel(),
        limits,
        queueing);
  }

  /** SHA-256 of each key. */
  public static List<byte[]> digests(String... keys) {
    return Arrays.stream(keys).map(Routes::sha256).toList();
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
