package io.mistraloperator.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ObserveTest {
  private static final EndpointName CHAT = new EndpointName("team-a", "chat", "blue");
  private static final RequestRecord DONE =
      new RequestRecord(
          "id-1",
          new TraceContext(
              "0af7651916cd43dd8448eb211c80319c",
              "b7ad6b7169203331",
              Optional.of("00f067aa0ba902b7"),
              "01",
              Optional.empty()),
          Optional.of(CHAT),
          Optional.of(new RequestRecord.Inference("chat", "Mistral-Nemo")),
          "azure",
          200,
          "ok",
          Duration.ofMillis(120),
          Optional.of(Duration.ofNanos(30_500_000)),
          Optional.of(new Usage(19, 72)),
          1);

  private static final String GEN_AI =
      "deployment=blue,endpoint=chat,gen_ai.operation.name=chat,gen_ai.provider.name=mistral_ai,"
          + "gen_ai.request.model=Mistral-Nemo,";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final GatewayMetrics metrics = new GatewayMetrics(registry, Clock.systemUTC());

  @Test
  void whatARequestLeaves() {
    metrics.retain(Set.of(CHAT));
    metrics.of(CHAT).begin();
    metrics.of(CHAT).count(DONE);

    assertThat(series())
        .contains(
            "mistral.gateway.requests{deployment=blue,endpoint=chat,operation=azure,project=team-a,status=2xx} 1.0",
            "mistral.gateway.in.flight{deployment=blue,endpoint=chat,project=team-a} 1.0",
            "gen_ai.client.token.usage{" + GEN_AI + "gen_ai.token.type=input,project=team-a} 1.0",
            "gen_ai.client.token.usage{" + GEN_AI + "gen_ai.token.type=output,project=team-a} 1.0",
            "gen_ai.server.time_to_first_token{" + GEN_AI + "project=team-a} 1.0",
            "gen_ai.server.time_per_output_token{" + GEN_AI + "project=team-a} 1.0",
            "gen_ai.server.request.duration{"
                + GEN_AI.replace("endpoint=chat,", "endpoint=chat,error.type=,")
                + "project=team-a} 1.0");
    assertThat(
            registry
                .get("gen_ai.client.token.usage")
                .tag("gen_ai.token.type", "output")
                .summary()
                .totalAmount())
        .isEqualTo(72);
    assertThat(
            registry
                .get("gen_ai.server.time_per_output_token")
                .timer()
                .totalTime(TimeUnit.NANOSECONDS))
        .isEqualTo((120_000_000 - 30_500_000) / 71);
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
      metrics.of(new EndpointName("p" + i, "e" + i, "d" + i)).count(DONE);
    }

    assertThat(series())
        .contains(
            "mistral.gateway.requests{deployment=,endpoint=unknown,operation=azure,project=unknown,status=2xx}"
                + " 100.0")
        .noneMatch(line -> line.contains("p1,"));
  }

  @Test
  @DisplayName("One line of JSON per request; lines of about the same time are written together")
  void oneLineOfJsonPerRequest() {
    String line =
        "{\"time\":\"2026-11-21T08:00:00Z\",\"requestId\":\"id-1\",\"traceId\":\"0af7651916cd43dd8448eb211c80319c\",\"spanId\":\"b7ad6b7169203331\",\"parentSpanId\":\"00f067aa0ba902b7\",\"project\":\"team-a\",\"endpoint\":\"chat\",\"deployment\":\"blue\","
            + "\"operation\":\"azure\",\"model\":\"Mistral-Nemo\",\"status\":200,\"outcome\":\"ok\",\"durationMs\":120.0,"
            + "\"firstTokenMs\":30.5,\"promptTokens\":19,\"completionTokens\":72,\"attempts\":1}";
    List<Runnable> later = new ArrayList<>();
    List<String> written = new ArrayList<>();
    AccessLog log =
        new AccessLog(
            Clock.fixed(Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC),
            later::add,
            written::add);

    log.write(DONE);
    log.write(DONE);
    assertThat(written).isEmpty();
    assertThat(later).hasSize(1);
    later.getFirst().run();
    log.write(DONE);

    assertThat(written).containsExactly(line + "\n" + line);
    assertThat(later).hasSize(2);
  }

  @Test
  void linesDoNotPileUp() {
    List<String> written = new ArrayList<>();
    AccessLog log = new AccessLog(Clock.systemUTC(), never -> {}, written::add);

    for (int i = 0; i < 1_000; i++) {
      log.write(DONE);
    }
    log.flush();

    assertThat(written)
        .hasSizeGreaterThan(1)
        .allSatisfy(lines -> assertThat(lines).hasSizeLessThan(66_000));
    assertThat(written.stream().flatMap(String::lines)).hasSize(1_000);
  }
}
