package io.mistraloperator.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.operator.kube.Labels;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets cores, and when. Instances of family "a" have 1 core, so that n need ceil(1.2 n). */
class LedgerTest {
  private static final Account ACCOUNT = new Account("team", "default");
  private static final String A = "a";

  @Test
  void reservesWhatFitsAndQueuesTheRest() {
    var ledger = Ledger.EMPTY.ask(demand("one", 1), limit(4)).ask(demand("two", 2), limit(4));
    assertThat(ledger.used(A)).isEqualTo(2);
    assertThat(ledger.covers(demand("one", 1))).isTrue();
    assertThat(ledger.covers(demand("two", 2))).isFalse();
    assertThat(ledger.awaits(demand("two", 2))).isTrue();
  }

  @Test
  void askingAgainChangesNothing() {
    var ledger = Ledger.EMPTY.ask(demand("one", 1), limit(2)).ask(demand("two", 1), limit(2));
    assertThat(ledger.ask(demand("one", 1), limit(2)).ask(demand("two", 1), limit(2)))
        .isEqualTo(ledger);
    assertThat(ledger.trim(demand("one", 1), limit(2))).isEqualTo(ledger);
  }

  @Test
  void freedCoresGoToWhoeverHasWaitedLongestAndFits() {
    var limit = limit(4);
    var ledger =
        Ledger.EMPTY
            .ask(demand("big", 3), limit)
            .ask(demand("bigger", 4), limit)
            .ask(demand("early", 1), limit)
            .ask(demand("late", 1), limit)
            .ask(demand("later", 1), limit);
    assertThat(names(ledger.waiting())).containsExactly("bigger", "early", "late", "later");
    var freed = ledger.release("big", limit);
    assertThat(names(freed.reservations())).containsExactly("early", "late");
    assertThat(names(freed.waiting())).containsExactly("bigger", "later");
  }

  @Test
  void anotherDemandKeepsItsPlaceInTheQueue() {
    var ledger =
        Ledger.EMPTY
            .ask(demand("first", 3), limit(2))
            .ask(demand("second", 2), limit(2))
            .ask(demand("first", 4), limit(2));
    assertThat(names(ledger.waiting())).containsExactly("first", "second");
    assertThat(ledger.awaits(demand("first", 4))).isTrue();
  }

  @Test
  void whoeverWantsLessLeavesTheQueue() {
    var ledger = Ledger.EMPTY.ask(demand("one", 1), limit(2)).ask(demand("one", 5), limit(2));
    assertThat(names(ledger.waiting())).containsExactly("one");
    assertThat(ledger.ask(demand("one", 1), limit(2)).waiting()).isEmpty();
  }

  @ParameterizedTest(
      name = "T-Q5: from {0} up to {1} instances with a limit of {2}: used {3}, waits: {4}")
  @CsvSource({
    "1, 3, 4, 4, false",
    "1, 5, 4, 4, true",
    "1, 5, 3, 3, true",
    "1, 5, 2, 2, true",
    "1, 5, 0, 2, true",
    "0, 3, 1, 0, true",
    "3, 1, 0, 4, false"
  })
  void getsAsManyAsFit(int from, int to, int limit, int used, boolean waits) {
    var had = Ledger.EMPTY.ask(demand("one", from), limit(10));
    var ledger = had.askUpTo(demand("one", to), limit(limit));
    assertThat(ledger.used(A)).isEqualTo(used);
    assertThat(ledger.awaits(demand("one", to))).isEqualTo(waits);
    assertThat(ledger.askUpTo(demand("one", to), limit(limit))).isEqualTo(ledger);
  }

  @ParameterizedTest(
      name = "from {0} to {1} instances with a limit of {2}: covered {3}, then used {4}")
  @CsvSource({
    "1, 2, 3, true, 3",
    "1, 2, 2, false, 2",
    "3, 1, 4, true, 4",
    "3, 1, 0, true, 4",
    "3, 3, 0, true, 4",
    "3, 0, 0, true, 4"
  })
  @DisplayName("Cores are raised before and lowered after; a lowered limit takes nothing away")
  void raisesBeforeAndLowersAfter(int from, int to, int limit, boolean covered, int used) {
    var before = Ledger.EMPTY.ask(demand("one", from), limit(100));
    var asked = before.ask(demand("one", to), limit(limit));
    assertThat(asked.covers(demand("one", to))).isEqualTo(covered);
    assertThat(asked.used(A)).isEqualTo(used);
    if (covered) {
      assertThat(asked.trim(demand("one", to), limit(limit)).used(A))
          .isEqualTo(Cores.needed(to, 1));
    }
  }

  @Test
  void whoeverHasLessThanItWantsIsNotGivenTheRest() {
    var limits = limit(2);
    var released = Ledger.EMPTY.ask(demand("one", 1), limits).release("one", limits);
    assertThat(released.trim(demand("one", 1), limits)).isEqualTo(Ledger.EMPTY);
  }

  @Test
  @DisplayName("T-Q7 a change of family holds both until the old instances were told to go")
  void movesToAnotherFamily() {
    var limits = new Limits(Map.of(A, 2, "b", 20), Map.of(), 0, 0, Set.of());
    var holder = holder("one");
    var moved = new Demand(holder, ACCOUNT, "b", 10, 1);
    var ledger = Ledger.EMPTY.ask(demand("one", 1), limits).ask(demand("two", 1), limits);
    var both = ledger.ask(moved, limits);
    assertThat(both.used(A)).isEqualTo(2);
    assertThat(both.used("b")).isEqualTo(20);
    var after = both.trim(moved, limits);
    assertThat(after.used("b")).isEqualTo(20);
    assertThat(names(after.reservations())).containsExactlyInAnyOrder("one", "two");
    assertThat(after.covers(demand("two", 1))).isTrue();
  }

  @Test
  void aRaisedLimitIsSettledInTheOrderOfTheQueue() {
    var ledger =
        Ledger.EMPTY
            .ask(demand("one", 1), limit(0))
            .ask(demand("two", 1), limit(0))
            .ask(demand("three", 1), limit(0));
    assertThat(names(ledger.settle(limit(4)).reservations())).containsExactly("one", "two");
    assertThat(names(ledger.settle(limit(4)).waiting())).containsExactly("three");
  }

  @Test
  void aFullLedgerTakesNobodyElse() {
    var limits = limit(Limits.UNLIMITED);
    var ledger = new Ledger(most("n"), List.of());
    var asked = ledger.ask(demand("more", 1), limits);
    assertThat(asked.reservations()).isEqualTo(ledger.reservations());
    assertThat(names(asked.waiting())).containsExactly("more");
    assertThat(Shortage.of(demand("more", 1), asked, limits).message())
        .contains("has 1000 reservations, which is the most");
    assertThat(ledger.ask(demand("n0", 2), limits).covers(demand("n0", 2))).isTrue();
    var crowded = new Ledger(most("n"), most("w"));
    assertThat(crowded.ask(demand("more", 1), limits)).isEqualTo(crowded);
  }

  private static List<Reservation> most(String name) {
    return IntStream.range(0, InferenceQuotaStatus.MOST)
        .mapToObj(i -> demand(name + i, 1).reservation())
        .toList();
  }

  @Test
  @DisplayName("T-Q9 the message says what is needed, left, and to be asked for")
  void tellsTheShortage() {
    var limits = new Limits(Map.of("v", 6), Map.of(), 0, 0, Set.of());
    var full = Ledger.EMPTY.ask(new Demand(holder("one"), ACCOUNT, "v", 3, 1), limits);
    var demand = new Demand(holder("two"), ACCOUNT, "v", 3, 1);
    assertThat(Shortage.of(demand, full.ask(demand, limits), limits).message())
        .isEqualTo(
            "needs 6 cores of family v: 1 instance counts as ceil(1.2 x 1) = 2 of 3 cores each. Project team uses 6 of its 6, 0 left: short of 6. Ask the platform for a limit of at least 12 for v in InferenceQuota default, or delete or scale down others; then it starts by itself");
    assertThat(Shortage.of(demand("big", 9), Ledger.EMPTY, limit(8)).message())
        .as("more than the whole limit")
        .endsWith(
            "Ask the platform for a limit of at least 11 for a in InferenceQuota default, or choose fewer instances or another spec.instanceType; then it starts by itself");
    var more = new Demand(holder("one"), ACCOUNT, "v", 3, 4);
    assertThat(Shortage.of(more, full.ask(more, limits), limits).message())
        .startsWith(
            "needs 15 cores of family v and has 6: 4 instances count as ceil(1.2 x 4) = 5 of 3 cores each.")
        .contains("short of 9", "at least 15");
  }

  @ParameterizedTest(name = "{0} may use {1}")
  @CsvSource({"listed, 7", "named, 5", "cpu, 256", "gpu, 0", "unheard-of, 0"})
  @DisplayName("D2.23 GPU families start at 0, and so does what the catalogue does not know")
  void limitsOfFamilies(String family, int cores) {
    var limits =
        new Limits(
            Map.of("listed", 7), Map.of("named", 5, "listed", 1), 256, 0, Set.of("cpu", "listed"));
    assertThat(limits.of(family)).isEqualTo(cores);
  }

  private static Limits limit(int cores) {
    return new Limits(Map.of(A, cores), Map.of(), 0, 0, Set.of());
  }

  private static Demand demand(String name, int instances) {
    return new Demand(holder(name), ACCOUNT, A, 1, instances);
  }

  private static Labels.Owner holder(String name) {
    return new Labels.Owner("MistralDeployment", "team", name, name);
  }

  private static List<String> names(List<Reservation> entries) {
    return entries.stream().map(Reservation::name).toList();
  }
}
