package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
  @Test
  void aShareGrowsUntilNothingIsLeft() {
    BodyBudget budget = new BodyBudget(100);
    BodyBudget.Share first = budget.share();
    BodyBudget.Share second = budget.share();

    assertThat(first.grow(60)).isTrue();
    assertThat(second.grow(41)).isFalse();
    assertThat(second.grow(40)).isTrue();
    assertThat(first.grow(1)).isFalse();
    assertThat(budget.used()).isEqualTo(100);

    first.release();
    first.release();
    assertThat(budget.used()).isEqualTo(40);
    assertThat(second.grow(60)).isTrue();
  }

  @Test
  void whatDoesNotFitWaitsInOrderAndSmallerOnesDoNotWaitForIt() {
    BodyBudget budget = new BodyBudget(100);
    BodyBudget.Share first = budget.share();
    List<String> granted = new ArrayList<>();
    assertThat(first.growOrWait(90, () -> granted.add("first"))).isTrue();
    assertThat(budget.share().growOrWait(60, () -> granted.add("second"))).isFalse();
    assertThat(budget.share().growOrWait(50, () -> granted.add("third"))).isFalse();
    assertThat(budget.share().growOrWait(40, () -> granted.add("fourth"))).isFalse();
    BodyBudget.Share small = budget.share();
    assertThat(small.growOrWait(10, () -> granted.add("small"))).isTrue();

    small.release();
    assertThat(granted).isEmpty();
    first.release();
    assertThat(granted).containsExactly("second");
    assertThat(budget.used()).isEqualTo(60);
    assertThat(budget.waiting()).isEqualTo(2);
  }

  @Test
  void whoGivesUpWaitingGetsNothing() {
    BodyBudget budget = new BodyBudget(100);
    BodyBudget.Share first = budget.share();
    BodyBudget.Share second = budget.share();
    List<String> granted = new ArrayList<>();
    first.grow(100);
    second.growOrWait(100, () -> granted.add("second"));
    budget.share().growOrWait(50, () -> granted.add("third"));

    second.release();
    assertThat(granted).isEmpty();
    first.release();
    assertThat(granted).containsExactly("third");
    assertThat(budget.used()).isEqualTo(50);
  }

  @Test
  void manyThreadsNeverHoldMoreThanThereIsAndLeaveNothingBehind() throws Exception {
    BodyBudget budget = new BodyBudget(1_000);
    AtomicBoolean exceeded = new AtomicBoolean();
    List<Callable<Void>> clients = new ArrayList<>();
    for (int client = 0; client < 8; client++) {
      Random random = new Random(client);
      clients.add(
          () -> {
            for (int i = 0; i < 5_000; i++) {
              BodyBudget.Share share = budget.share();
              long held = 0;
              for (int step = 0; step < 3; step++) {
                int bytes = random.nextInt(400);
                held += share.grow(bytes) ? bytes : 0;
              }
              if (held > budget.total()) {
                exceeded.set(true);
              }
              share.release();
            }
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Void> done : threads.invokeAll(clients)) {
        done.get();
      }
    }
    assertThat(exceeded).isFalse();
    assertThat(budget.used()).isZero();
  }
}
