package io.mistraloperator.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ObserveTest {
  private static final EndpointName CHAT = new EndpointName("team-a", "chat");
  private static final RequestRecord DONE =
      new RequestRecord(
          "id-1",
          Optional.of(CHAT),
          "azure",
          200,
          "ok",
          Duration.ofMillis(120),
          Optional.of(Duration.ofNanos(30_500_000)),
          Optional.of(new Usage(19, 72)),
          1);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GatewayMetrics metrics = new GatewayMetrics(registry);

  @Test
  void whatARequestLeaves() {
    metrics.retain(Set.of(CHAT));
    metrics.of(CHAT).begin();
    metrics.of(CHAT).count(DONE);

    assertThat(series())
        .contains(
            "mistral.gateway.requests{endpoint=chat,operation=azure,project=team-a,status=2xx} 1.0",
            "mistral.gateway.tokens{direction=input,endpoint=chat,project=team-a} 19.0",
            "mistral.gateway.tokens{direction=output,endpoint=chat,project=team-a} 72.0",
            "mistral.gateway.in.flight{endpoint=chat,project=team-a} 1.0",
            "mistral.gateway.time.to.first.token{endpoint=chat,operation=azure,project=team-a} 1.0",
            "mistral.gateway.request.duration{endpoint=chat,operation=azure,project=team-a} 1.0");
  }

  /** Every series with its value, or count. */
  private List<String> series() {
    return registry.getMeters().stream()
        .map(
            meter ->
                meter.getId().getName()
                    + meter.getId().getTags().stream()
                        .map(tag -> tag.getKey() + "=" + tag.getValue())
                        .collect(Collectors.joining(",", "{", "} "))
                    + meter.measure().iterator().next().getValue())
        .toList();
  }

  @Test
  void seriesGoWithTheirRouteAndDoNotComeBackWithALateRequest() {
    metrics.retain(Set.of(CHAT));
    EndpointMeters late = metrics.of(CHAT);
    late.begin();
    late.count(DONE);

    metrics.retain(Set.of());
    late.leave();
    late.count(DONE);

    assertThat(series()).noneMatch(line -> line.contains("team-a"));
  }

  @Test
  void endpointsThatAreNotServedAreUnknown() {
    for (int i = 0; i < 100; i++) {
      metrics.of(new EndpointName("p" + i, "e" + i)).count(DONE);
    }

    assertThat(series())
        .contains(
            "mistral.gateway.requests{endpoint=unknown,operation=azure,project=unknown,status=2xx} 100.0")
        .noneMatch(line -> line.contains("p1,"));
  }

  @Test
  void oneLineOfJsonPerRequest() {
    AccessLog log =
        new AccessLog(Clock.fixed(Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC));

    assertThat(log.line(DONE))
        .isEqualTo(
            "{\"time\":\"2026-11-21T08:00:00Z\",\"requestId\":\"id-1\",\"project\":\"team-a\",\"endpoint\":\"chat\","
                + "\"operation\":\"azure\",\"status\":200,\"outcome\":\"ok\",\"durationMs\":120.0,"
                + "\"firstTokenMs\":30.5,\"promptTokens\":19,\"completionTokens\":72,\"attempts\":1}");
  }
}
