package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mistraloperator.operator.scaling.Answer.Failed;
import io.mistraloperator.operator.scaling.Answer.Said;
import io.mistraloperator.operator.scaling.LoadReport.EndpointLoad;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the gateways say, put together. */
class GatewaysTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Gateways gateways = new Gateways();

  @Test
  @DisplayName("loads add up, and the latest request counts")
  void addsUp() {
    gateways.hear(List.of(says("a", START, 3, 1, at(5)), says("b", START, 2, 0, at(9))), at(10));
    assertThat(gateways.reading("chat/blue")).isEqualTo(new Reading(6, true, Optional.of(at(9))));
    assertThat(gateways.reading("unknown/blue")).isEqualTo(new Reading(0, true, Optional.empty()));
    assertThat(gateways.silence()).isEmpty();
  }

  @Test
  @DisplayName("T-Z8: of a gateway that is silent the last word is kept, and after 10 s it is told")
  void keepsTheLastWord() {
    gateways.hear(List.of(says("a", START, 1, 0, at(0)), says("b", START, 4, 0, at(0))), at(1));
    gateways.hear(List.of(says("a", START, 0, 0, at(0)), silent("b")), at(2));
    assertThat(gateways.reading("chat/blue")).isEqualTo(new Reading(4, false, Optional.of(at(0))));
    assertThat(gateways.silence()).isEmpty();
    gateways.hear(List.of(says("a", START, 0, 0, at(0)), silent("b")), at(12));
    assertThat(gateways.silence())
        .contains(
            "no instance is taken away while the load is not known: b: it takes no connection");
    gateways.hear(List.of(says("a", START, 0, 0, at(0)), says("b", START, 0, 0, at(0))), at(13));
    assertThat(gateways.reading("chat/blue").complete()).isTrue();
    assertThat(gateways.silence()).isEmpty();
  }

  @Test
  @DisplayName("T-Z8: without any gateway nothing is known")
  void knowsNothingWithoutGateways() {
    gateways.hear(List.of(), at(0));
    assertThat(gateways.reading("chat/blue").complete()).isFalse();
    assertThat(gateways.silence())
        .hasValueSatisfying(text -> assertThat(text).contains("no gateway pod"));
  }

  @Test
  @DisplayName("a gateway that starts or leaves may be silent, one that has served may not")
  void knowsWhoMatters() {
    gateways.hear(
        List.of(
            says("a", START, 0, 0, at(0)),
            new Failed("starting", false, false, "it takes no connection"),
            new Failed("leaving", true, true, "it takes no connection")),
        at(1));
    assertThat(gateways.reading("chat/blue").complete()).isTrue();
    gateways.hear(List.of(new Failed("a", false, false, "it takes no connection")), at(2));
    assertThat(gateways.reading("chat/blue").complete()).isFalse();
  }

  @Test
  @DisplayName("T-Z4: a gateway that restarts is heard again, and what it carried is gone")
  void forgetsWhatARestartEnded() {
    gateways.hear(List.of(says("a", START, 7, 0, at(0))), at(1));
    gateways.hear(List.of(saysNothing("a", at(3))), at(4));
    assertThat(gateways.reading("chat/blue")).isEqualTo(new Reading(0, true, Optional.empty()));
  }

  @Test
  @DisplayName("T-Z4: what a gateway did while nobody heard it counts as a request")
  void doubtsWhatNobodyHeard() {
    gateways.hear(List.of(says("a", START, 0, 0, at(0)), says("b", START, 0, 0, at(0))), at(1));
    gateways.hear(List.of(saysNothing("a", at(90)), silent("b")), at(100));
    assertThat(gateways.reading("chat/blue").lastRequest()).contains(at(90));
    gateways.hear(List.of(saysNothing("a", at(90))), at(200));
    assertThat(gateways.reading("chat/blue").lastRequest()).contains(at(200));
  }

  @Test
  @DisplayName(
      "T-Z4: an operator that has just started knows nothing from before a gateway's start")
  void startsWithTheYoungestGateway() {
    gateways.hear(List.of(saysNothing("a", at(30)), says("b", at(10), 0, 0, at(20))), at(60));
    assertThat(gateways.firstReading("chat/blue").lastRequest()).contains(at(30));
    assertThat(gateways.reading("chat/blue").lastRequest()).contains(at(20));
  }

  @Test
  @DisplayName("a report is read by the route's name, whatever else it tells")
  void readsReports() {
    var report =
        LoadReport.parse(
            """
            {"gateway": "a", "bootedAt": "2026-01-01T00:00:00.123Z", "news": 1, "deployments": {
              "team-a/chat/blue": {"inFlight": 2, "held": 1, "tokensInFlight": 900, "requests": 7,
                "lastRequest": "2026-01-01T00:00:05Z", "promptTokens": 1, "completionTokens": 2},
              "team-a/chat/never": {"inFlight": 0, "held": 0}}}
            """);
    assertThat(report.of("chat/blue")).isEqualTo(new EndpointLoad(2, 1, Optional.of(at(5))));
    assertThat(report.of("chat/never")).isEqualTo(EndpointLoad.NONE);
    assertThat(report.bootedAt()).isEqualTo("2026-01-01T00:00:00.123Z");
  }

  @Test
  @DisplayName("T-U6 an earlier gateway tells of endpoints, whose load is that of their deployment")
  void readsEarlierReports() {
    var report =
        LoadReport.parse(
            """
            {"gateway": "a", "bootedAt": "2026-01-01T00:00:00Z", "endpoints": {
              "team-a/chat": {"inFlight": 2, "held": 1}}}
            """);
    assertThat(report.of("chat/blue")).isEqualTo(new EndpointLoad(2, 1, Optional.empty()));
    assertThat(report.of("other/blue")).isEqualTo(EndpointLoad.NONE);
  }

  @ParameterizedTest
  @DisplayName("what is no report says what is wrong with it")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<html>                                                       | is not a report of load",
        "{}                                                           | has no field deployments",
        "{\"endpoints\": {}}                                          | has no field bootedAt",
        "{\"endpoints\": {}, \"bootedAt\": \"now\"}                   | is not a report of load",
        "{\"endpoints\": {\"a/b\": {\"held\": 0}}}                    | has no field inFlight",
        "{\"endpoints\": {\"a/b\": {\"inFlight\": -1, \"held\": 0}}}  | must be a number from 0",
        "{\"endpoints\": {\"a/b\": {\"inFlight\": \"x\", \"held\": 0}}} | must be a number from 0"
      })
  void refusesWhatIsNone(String json, String cause) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LoadReport.parse(json))
        .withMessageContaining(cause);
  }

  private static Instant at(int seconds) {
    return START.plusSeconds(seconds);
  }

  private static Answer says(String name, Instant booted, int inFlight, int held, Instant last) {
    return new Said(
        name,
        new LoadReport(
            booted, Map.of("chat", new EndpointLoad(inFlight, held, Optional.of(last)))));
  }

  private static Answer saysNothing(String name, Instant booted) {
    return new Said(name, new LoadReport(booted, Map.of()));
  }

  private static Answer silent(String name) {
    return new Failed(name, true, false, "it takes no connection");
  }
}
