package io.mistraloperator.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import io.mistraloperator.gateway.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("T-Z4 the load of an endpoint, as the operator reads it")
class EndpointLoadTest {
  private final MovableClock clock = new MovableClock();
  private final EndpointLoad load = new EndpointLoad(clock);
  private final Instant start = clock.instant();

  @Test
  void nothingCame() {
    assertThat(load.read()).isEqualTo(new EndpointLoad.Reading(0, 0, 0, 0, Optional.empty(), 0, 0));
  }

  @Test
  @DisplayName("a request is in flight, waits, is in flight again and over; never two of them")
  void oneRequest() {
    EndpointLoad.Share request = load.begin(700);
    assertThat(load.read()).isEqualTo(reading(1, 0, 700, start, 0, 0));

    request.waits();
    assertThat(load.read()).isEqualTo(reading(0, 1, 0, start, 0, 0));

    assertThat(request.goesOn()).isPresent();
    assertThat(load.read()).isEqualTo(reading(1, 0, 700, start, 0, 0));

    clock.move(Duration.ofSeconds(9));
    request.end(Optional.of(new Usage(19, 72)));
    request.end(Optional.of(new Usage(19, 72)));
    assertThat(load.read()).isEqualTo(reading(0, 0, 0, start.plusSeconds(9), 19, 72));
  }

  @Test
  @DisplayName("a request of several choices waits until the last of them goes on")
  void severalChoices() {
    EndpointLoad.Share request = load.begin(700);
    request.waits();
    request.waits();

    assertThat(request.goesOn()).isEmpty();
    assertThat(load.read()).isEqualTo(reading(0, 1, 0, start, 0, 0));
    assertThat(request.goesOn()).isPresent();
    assertThat(load.read()).isEqualTo(reading(1, 0, 700, start, 0, 0));
  }

  @Test
  void aRequestThatLeavesWhileItWaits() {
    EndpointLoad.Share request = load.begin(700);
    request.waits();
    request.end(Optional.empty());

    assertThat(load.read()).isEqualTo(reading(0, 0, 0, start, 0, 0));
  }

  @Test
  void report() {
    load.begin(700).end(Optional.of(new Usage(19, 72)));

    assertThat(
            LoadReport.of(
                    "pod-1",
                    start,
                    Map.of(new EndpointName("team-a", "Chat-One", "blue"), load.read()))
                .toString())
        .isEqualTo(
            """
            {"gateway":"pod-1","bootedAt":"%1$s","deployments":{"team-a/chat-one/blue":{"inFlight":0,\
            "held":0,"tokensInFlight":0,"requests":1,"lastRequest":"%1$s","promptTokens":19,\
            "completionTokens":72}}}"""
                .formatted(start));
  }

  private static EndpointLoad.Reading reading(
      long inFlight, long held, long tokens, Instant last, long prompt, long completion) {
    return new EndpointLoad.Reading(
        inFlight, held, tokens, 1, Optional.of(last), prompt, completion);
  }
}
