package io.mistraloperator.operator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a ledger keeps of deployments that are gone. */
class ProjectUsageTest {
  private static final int MIB = 1 << 20;
  private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
  private static final ProjectUsage EMPTY =
      new ProjectUsage("team", Optional.empty(), new TreeMap<>(), Optional.empty());

  @Test
  @DisplayName("T-B1 5,000 deployments that went fit into an object, and their sum is exact")
  void staysSmall() {
    var living = used("living", START, START.plusSeconds(60), 3);
    var ledger = EMPTY.with("living", living);
    Set<String> gone = new HashSet<>();
    long seconds = 0;
    var cost = BigDecimal.ZERO;
    for (int i = 0; i < 5000; i++) {
      Instant from = START.plusSeconds(20L * i);
      var meter = used("d".repeat(58) + i % 10, from, from.plusSeconds(i + 1), 3);
      String uid = "%036d".formatted(i);
      seconds += 3L * (i + 1);
      cost = cost.add(meter.totals().get("type").cost());
      gone.add(uid);
      ledger = ledger.with(uid, meter).tidied(gone, from.plusSeconds(i + 1));
      assertThat(ledger.meters().size()).isLessThanOrEqualTo(ProjectUsage.MOST_GONE + 1);
    }
    assertThat(size(ledger)).isLessThan(MIB / 2);
    assertThat(ledger.meters().get("living")).isEqualTo(living);
    assertThat(ledger.meters()).containsKey("%036d".formatted(4999));
    var sum =
        meters(ledger).map(meter -> meter.totals().get("type")).reduce(Amount.NONE, Amount::plus);
    assertThat(sum.seconds()).isEqualTo(seconds + 3 * 60);
    assertThat(sum.cost()).isEqualByComparingTo(cost.add(living.totals().get("type").cost()));
    var months =
        meters(ledger)
            .flatMap(meter -> meter.months().values().stream())
            .reduce(Amount.NONE, Amount::plus);
    assertThat(months.seconds()).isEqualTo(sum.seconds());
    assertThat(ledger.tidied(gone, START.plus(Duration.ofDays(2)))).isSameAs(ledger);
  }

  @Test
  @DisplayName("T-B1 what is gone is forgotten at the end of the month after")
  void forgetsInTheEnd() {
    var gone = IntStream.rangeClosed(0, ProjectUsage.MOST_GONE).mapToObj(i -> "uid-" + i).toList();
    var ledger = EMPTY;
    for (String uid : gone) {
      ledger = ledger.with(uid, used(uid, START, START.plusSeconds(60), 1));
    }
    var uids = Set.copyOf(gone);
    var tidy = ledger.tidied(uids, START.plusSeconds(60));
    assertThat(tidy.rest().orElseThrow().months()).containsOnlyKeys(YearMonth.of(2026, 1));
    assertThat(tidy.meters()).hasSize(ProjectUsage.MOST_GONE);
    assertThat(tidy.tidied(uids, Instant.parse("2026-02-28T23:59:59Z"))).isSameAs(tidy);
    assertThat(tidy.tidied(uids, Instant.parse("2026-03-01T00:00:00Z"))).isEqualTo(EMPTY);
  }

  @Test
  void keepsWhatRunsAndWhatLives() {
    var rate = new Rate("type", 2, 0, BigDecimal.ONE);
    var running =
        Meter.of("runs", "m", START)
            .at(
                START.plusSeconds(60),
                List.of(
                    new Sighting("pod", START, Optional.empty(), false, Optional.empty(), rate)),
                uid -> START);
    var ledger =
        EMPTY.with("runs", running).with("lives", used("lives", START, START.plusSeconds(1), 1));
    assertThat(ledger.tidied(Set.of("runs"), START.plus(Duration.ofDays(400)))).isSameAs(ledger);
  }

  private static Stream<Meter> meters(ProjectUsage ledger) {
    return Stream.concat(ledger.meters().values().stream(), ledger.rest().stream());
  }

  /** A meter of instances that have ended. */
  static Meter used(String name, Instant from, Instant to, int pods) {
    var rate = new Rate("type", 24, 1, new BigDecimal("3.673"));
    var present =
        IntStream.range(0, pods)
            .mapToObj(
                pod ->
                    new Sighting(
                        name + "-pod-" + pod, from, Optional.of(to), true, Optional.empty(), rate))
            .toList();
    return Meter.of(name, "Some-Model-2501", from).at(to, present, uid -> to);
  }

  private static int size(ProjectUsage ledger) {
    return ledger.meters().entrySet().stream()
            .mapToInt(entry -> entry.getKey().length() + bytes(entry.getValue()))
            .sum()
        + ledger.rest().map(ProjectUsageTest::bytes).orElse(0);
  }

  private static int bytes(Meter meter) {
    return MeterFormat.write(meter).getBytes(StandardCharsets.UTF_8).length;
  }
}
