package io.mistraloperator.gateway.boot;

import io.mistraloperator.gateway.chat.RequestLimits;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Settings, from environment variables {@code MISTRAL_...}. */
@ConfigMapping(prefix = "mistral")
public interface GatewayConfig {
  /** Namespace with the routes. */
  String namespace();

  /** Name of the pod, by which reports of load are told apart. */
  @WithDefault("${HOSTNAME:gateway}")
  String podName();

  /** Domain in host names (row A6.4). */
  @WithDefault("localhost")
  String domain();

  /** Directory with {@code tls.crt} and {@code tls.key}. */
  @WithDefault("/etc/mistral/tls")
  Path tlsDirectory();

  /** Port with TLS. */
  @WithDefault("8443")
  int httpsPort();

  /** Port without TLS. */
  @WithDefault("8080")
  int httpPort();

  /** Longest time of a request, from its head to the end of its answer. */
  @WithDefault("1h")
  Duration requestTimeout();

  /** Longest time that connecting to an instance takes. */
  @WithDefault("2s")
  Duration connectTimeout();

  /** Longest time that a model takes to begin its answer. */
  @WithDefault("10m")
  Duration firstTokenTimeout();

  /** Longest silence in mid-answer. */
  @WithDefault("10m")
  Duration betweenTokensTimeout();

  /** Bytes that the body of a request may have. */
  @WithDefault("4194304")
  int maxBodyBytes();

  /** Longest time that a client takes to send the head of a connection's first request. */
  @WithDefault("30s")
  Duration headTimeout();

  /**
   * Longest time between two requests of a connection. Longer than load balancers keep theirs (up
   * to ten minutes): one that still takes the connection for good would send a request into its
   * end.
   */
  @WithDefault("620s")
  Duration idleTimeout();

  /**
   * Longest time that a client takes to send the body of a request, and before that longest time
   * that the body waits for others where the budget is used up.
   */
  @WithDefault("1m")
  Duration bodyTimeout();

  /** Bytes that the bodies of all running requests may have; default: a quarter of the heap. */
  OptionalLong bodyBudgetBytes();

  /** Requests that wait for instances at most, for all endpoints together. */
  @WithDefault("2000")
  int holdRequests();

  /** Bytes that the bodies of those may have; default: half of those of all running requests. */
  OptionalLong holdBytes();

  /** Copies of requests that are under way to mirrored deployments at most, for all endpoints. */
  @WithDefault("64")
  int mirrorRequests();

  /** Bytes that the bodies of those may have. */
  @WithDefault("33554432")
  long mirrorBytes();

  /** The bounds of requests to endpoints that say nothing else. */
  default RequestLimits requestLimits() {
    return new RequestLimits(
        requestTimeout(),
        connectTimeout(),
        firstTokenTimeout(),
        betweenTokensTimeout(),
        maxBodyBytes());
  }

  /** Issuers of OpenID Connect whose tokens endpoints may accept. */
  Optional<List<String>> issuers();

  /** Claim of their tokens that must name the project of the endpoint that is called. */
  Optional<String> projectsClaim();

  /** PEM file with the CAs of issuers; default: those of the Java platform. */
  Optional<Path> issuerAuthorities();

  /** How long readiness is down before clients are told to go elsewhere. */
  @WithDefault("5s")
  Duration drainDelay();

  /**
   * How long nothing must have run before the connections of clients that did not go are closed:
   * longer than a request is on its way.
   */
  @WithDefault("3s")
  Duration drainQuiet();

  /** How long running requests may take after that. */
  @WithDefault("5m")
  Duration drainLimit();
}
