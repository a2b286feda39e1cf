package io.mistraloperator.operator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MeterTest {
  private static final Rate RATE = new Rate("a100", 24, 1, new BigDecimal("3.60"));
  private static final Instant START = Instant.parse("2026-01-31T23:00:00Z");
  private static final Function<String, Instant> NOBODY =
      uid -> {
        throw new AssertionError(uid + " is not gone");
      };

  private static Sighting sighting(String uid, Instant since) {
    return new Sighting(uid, since, Optional.empty(), false, Optional.empty(), RATE);
  }

  private static Instant after(Duration time) {
    return START.plus(time);
  }

  @Test
  @DisplayName("A22.3 an instance counts from its node to its end, and each month has its share")
  void countsFromNodeToEnd() {
    var meter =
        Meter.of("chat", "m", START)
            .at(after(Duration.ofHours(2)), List.of(sighting("p", START)), NOBODY);
    assertThat(meter.months())
        .containsOnlyKeys(YearMonth.of(2026, 1), YearMonth.of(2026, 2))
        .allSatisfy(
            (month, amount) ->
                assertThat(amount)
                    .returns(3600L, Amount::seconds)
                    .returns(24 * 3600L, Amount::coreSeconds)
                    .returns(3600L, Amount::gpuSeconds)
                    .satisfies(part -> assertThat(part.cost()).isEqualByComparingTo("3.60")));
    var end = after(Duration.ofHours(3));
    var ended = meter.at(after(Duration.ofHours(9)), List.of(), uid -> end);
    assertThat(ended.totals().get("a100").seconds()).isEqualTo(3 * 3600);
    assertThat(ended.isIdle()).isTrue();
  }

  @Test
  @DisplayName("T-B1 what is counted once is not counted again by one who still sees it")
  void countsOnce() {
    var present = List.of(sighting("p", START));
    var later = after(Duration.ofHours(1));
    var ended =
        Meter.of("chat", "m", START).at(later, present, NOBODY).at(later, List.of(), uid -> later);
    var again = ended.at(after(Duration.ofHours(2)), present, NOBODY);
    assertThat(again.totals().get("a100").seconds()).isEqualTo(3600);
    assertThat(again.isIdle()).isTrue();
  }

  @Test
  @DisplayName("T-B1 a pod of a lost node counts until the time by which it had to be gone")
  void stopsAtTheDeadline() {
    var deadline = after(Duration.ofMinutes(10));
    var lost = new Sighting("p", START, Optional.empty(), false, Optional.of(deadline), RATE);
    var before =
        Meter.of("chat", "m", START).at(after(Duration.ofMinutes(9)), List.of(lost), NOBODY);
    assertThat(before.running()).hasSize(1);
    var after = before.at(after(Duration.ofHours(5)), List.of(lost), NOBODY);
    assertThat(after.totals().get("a100").seconds()).isEqualTo(600);
    assertThat(after.isIdle()).isTrue();
  }

  @Test
  @DisplayName("T-S8 it is written at each start and end, with each month and each hour, not else")
  void isWrittenWhenItMatters() {
    var present = List.of(sighting("p", START));
    var written = Meter.of("chat", "m", START).at(START, present, NOBODY);
    assertThat(written.at(after(Duration.ofMinutes(59)), present, NOBODY).differs(written))
        .isFalse();
    assertThat(written.at(after(Duration.ofMinutes(60)), present, NOBODY).differs(written))
        .isTrue();
    assertThat(written.at(after(Duration.ofMinutes(1)), List.of(), uid -> START).differs(written))
        .isTrue();
    var two = List.of(sighting("p", START), sighting("q", START));
    assertThat(written.at(after(Duration.ofMinutes(1)), two, NOBODY).differs(written)).isTrue();
    var idle = written.at(after(Duration.ofMinutes(1)), List.of(), uid -> START);
    assertThat(idle.at(after(Duration.ofDays(3)), List.of(), NOBODY).differs(idle)).isFalse();
  }

  @Test
  void readsWhatItWrote() throws JsonProcessingException {
    var meter =
        Meter.of("chat", "m", START)
            .at(
                after(Duration.ofHours(2)),
                List.of(sighting("p", START), sighting("q", START)),
                NOBODY)
            .at(
                after(Duration.ofHours(3)),
                List.of(sighting("p", START)),
                uid -> after(Duration.ofHours(3)));
    assertThat(MeterFormat.read(MeterFormat.write(meter))).isEqualTo(meter);
  }

  static IntStream seeds() {
    return IntStream.range(0, 200);
  }

  /** One pod's true life. */
  private record Life(String uid, Instant from, Instant to) {
    boolean seenAt(Instant now) {
      return !now.isBefore(from) && now.isBefore(to);
    }
  }

  @ParameterizedTest(name = "history {0}")
  @MethodSource("seeds")
  @DisplayName(
      "T-B1 the sum of all pods' lives, through any history of looks, restarts and downtime")
  void sumsLives(int seed) throws JsonProcessingException {
    var random = new Random(seed);
    List<Life> lives = new ArrayList<>();
    for (int pod = 0; pod < 12; pod++) {
      Instant from = after(Duration.ofSeconds(random.nextInt(90_000)));
      lives.add(new Life("pod-" + pod, from, from.plusSeconds(1 + random.nextInt(40_000))));
    }
    var meter = Meter.of("chat", "m", START);
    Instant now = START;
    Set<String> seen = new HashSet<>();
    while (now.isBefore(after(Duration.ofSeconds(120_000)))) {
      // Mostly a pass every few minutes; now and then nobody looks for hours.
      now = now.plusSeconds(random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(300));
      Instant time = now;
      var present =
          lives.stream()
              .filter(life -> life.seenAt(time))
              .map(life -> sighting(life.uid(), life.from()))
              .toList();
      present.forEach(sighting -> seen.add(sighting.uid()));
      // A new process begins with what was written.
      meter = MeterFormat.read(MeterFormat.write(meter)).at(now, present, uid -> end(lives, uid));
    }
    Instant last = now;
    long expected =
        lives.stream()
            .filter(life -> seen.contains(life.uid()))
            .mapToLong(
                life ->
                    Duration.between(life.from(), life.to().isBefore(last) ? life.to() : last)
                        .toSeconds())
            .sum();
    assertThat(meter.totals().get("a100").seconds()).isEqualTo(expected);
    assertThat(meter.months().values().stream().mapToLong(Amount::seconds).sum())
        .isEqualTo(expected);
  }

  private static Instant end(List<Life> lives, String uid) {
    return lives.stream().filter(life -> life.uid().equals(uid)).findFirst().orElseThrow().to();
  }
}
