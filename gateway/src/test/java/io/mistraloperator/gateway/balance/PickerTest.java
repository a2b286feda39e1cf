package io.mistraloperator.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.balance.Picker.Lease;
import io.mistraloperator.gateway.route.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PickerTest {
  private static final Instance A = new Instance("10.0.0.1", 8080);
  private static final Instance B = new Instance("10.0.0.2", 8080);
  private static final Instance C = new Instance("10.0.0.3", 8080);

  private long now = 1;
  private final Picker picker = new Picker(() -> now);
  private final Random random = new Random(7);

  private Demand any() {
    return new Demand(random.nextLong(), 100);
  }

  private Lease pick(Instance... ready) {
    return picker.pick(List.of(ready), Set.of(), any()).orElseThrow();
  }

  private Set<Instance> taken(int times, Instance... ready) {
    Set<Instance> taken = new HashSet<>();
    for (int i = 0; i < times; i++) {
      Lease lease = pick(ready);
      taken.add(lease.instance());
      lease.release();
    }
    return taken;
  }

  private void fail(Instance instance, int times) {
    for (int i = 0; i < times; i++) {
      Lease lease = picker.pick(List.of(instance), Set.of(), any()).orElseThrow();
      lease.failed();
      lease.release();
    }
  }

  @Test
  void tokensAreCountedWhileALeaseIsHeldAndGivenBackOnce() {
    Lease first = picker.pick(List.of(A), Set.of(), new Demand(1, 30)).orElseThrow();
    picker.pick(List.of(A), Set.of(), new Demand(2, 12)).orElseThrow();
    assertThat(picker.outstanding(A)).isEqualTo(42);

    first.release();
    first.release();

    assertThat(picker.outstanding(A)).isEqualTo(12);
  }

  @Test
  void differentConversationsSpreadEvenly() {
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      leases.add(pick(A, B, C));
    }

    assertThat(List.of(A, B, C))
        .allMatch(instance -> picker.outstanding(instance) <= 100 * 1.25 * 100 + 100);
    leases.forEach(Lease::release);
    assertThat(List.of(A, B, C)).allMatch(instance -> picker.outstanding(instance) == 0);
  }

  @Test
  void triedOnesAreNotTaken() {
    assertThat(picker.pick(List.of(A, B), Set.of(A), any()).orElseThrow().instance()).isEqualTo(B);
    assertThat(picker.pick(List.of(A), Set.of(A), any())).isEmpty();
    assertThat(picker.pick(List.of(), Set.of(), any())).isEmpty();
  }

  @Test
  void anInstanceThatKeepsFailingIsLeftOutThenTriedByOneRequest() {
    fail(A, 3);
    assertThat(taken(100, A, B, C)).containsExactlyInAnyOrder(B, C);

    now += Health.FIRST_EJECTION.toNanos();
    Lease probe = pickUntil(A);
    assertThat(taken(100, A, B, C)).containsExactlyInAnyOrder(B, C);
    probe.answered();
    probe.release();

    assertThat(taken(100, A, B, C)).containsExactlyInAnyOrder(A, B, C);
  }

  private Lease pickUntil(Instance wanted) {
    for (int i = 0; i < 1_000; i++) {
      // Next to nothing, so that its load is no reason to leave the instance out.
      Demand small = new Demand(random.nextLong(), 1);
      Lease lease = picker.pick(List.of(A, B, C), Set.of(), small).orElseThrow();
      if (lease.instance().equals(wanted)) {
        return lease;
      }
      lease.release();
    }
    throw new AssertionError(wanted + " is never taken");
  }

  @Test
  void aProbeThatEndsWithoutVerdictLetsTheNextOneTry() {
    fail(A, 3);
    now += Health.FIRST_EJECTION.toNanos();
    pickUntil(A).release();

    assertThat(pickUntil(A).instance()).isEqualTo(A);
  }

  @Test
  void theLastInstanceIsNeverLeftOut() {
    fail(A, 10);
    assertThat(pick(A).instance()).isEqualTo(A);

    fail(B, 10);
    assertThat(taken(100, A, B)).containsExactlyInAnyOrder(A, B);
    assertThat(picker.pick(List.of(A, C), Set.of(C), any()).orElseThrow().instance()).isEqualTo(A);
  }

  @Test
  void failuresThatAreNotInARowDoNoHarm() {
    for (int i = 0; i < 10; i++) {
      fail(A, 2);
      Lease lease = pick(A);
      lease.answered();
      lease.failed();
      lease.release();
    }
    assertThat(taken(100, A, B, C)).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void eachTimeOutIsTwiceAsLongUpToAMinute() {
    List<Long> seconds = new ArrayList<>();
    Health health = Health.GOOD.failed(0).failed(0);
    for (int i = 0; i < 6; i++) {
      health = health.failed(health.until());
      long out =
          health.until() - (i == 0 ? 0 : seconds.stream().mapToLong(s -> s).sum() * 1_000_000_000L);
      seconds.add(Duration.ofNanos(out).toSeconds());
    }
    assertThat(seconds).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
  }

  @Test
  void failuresOfOlderRequestsDoNotMakeItLonger() {
    Health out = Health.GOOD.failed(0).failed(0).failed(0);

    assertThat(out.failed(1).failed(2)).isEqualTo(out);
  }
}
