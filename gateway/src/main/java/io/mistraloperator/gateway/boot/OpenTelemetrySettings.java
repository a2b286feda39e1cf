package io.mistraloperator.gateway.boot;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** OpenTelemetry's own settings among all others. */
final class OpenTelemetrySettings {
  private static final String PREFIX = "otel.";

  private OpenTelemetrySettings() {}

  /** By the names that its SDK knows: {@code otel.service.name} for {@code OTEL_SERVICE_NAME}. */
  static Map<String, String> of(Config config) {
    Map<String, String> settings = new HashMap<>();
    for (String name : config.getPropertyNames()) {
      String known = name.toLowerCase(Locale.ROOT).replace('_', '.').replace('-', '.');
      if (known.startsWith(PREFIX)) {
        config.getOptionalValue(name, String.class).ifPresent(value -> settings.put(known, value));
      }
    }
    return settings;
  }
}
