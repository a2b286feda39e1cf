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
