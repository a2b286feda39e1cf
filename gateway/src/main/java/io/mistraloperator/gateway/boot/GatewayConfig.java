package io.mistraloperator.gateway.boot;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Settings, from environment variables {@code MISTRAL_...}. */
@ConfigMapping(prefix = "mistral")
public interface GatewayConfig {
  /** Namespace with the routes. */
  String namespace();

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

  /** How long readiness is down before new connections are refused. */
  @WithDefault("5s")
  Duration drainDelay();

  /** How long running requests may take after that. */
  @WithDefault("5m")
  Duration drainLimit();
}
