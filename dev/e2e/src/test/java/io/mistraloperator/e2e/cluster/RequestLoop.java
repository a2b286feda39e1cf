package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls an endpoint some times a second until closed, and counts what is not a right answer. A call
 * that takes long delays no other one, as long as there are not more than {@link #CALLERS} of them;
 * what was missed then is made up for.
 */
final class RequestLoop implements AutoCloseable {
  private static final int RATE = 10;
  private static final int CALLERS = 4;

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(CALLERS);
  private final Instant start = Instant.now();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  RequestLoop(Application application) {
    this(application, RATE);
  }

  /**
   * @param rate calls a second
   */
  RequestLoop(Application application, int rate) {
    long period = 1_000_000L * CALLERS / rate;
    for (int caller = 0; caller < CALLERS; caller++) {
      timer.scheduleAtFixedRate(
          () -> call(application), caller * period / CALLERS, period, TimeUnit.MICROSECONDS);
    }
  }

  private void call(Application application) {
    try {
      Application.Answer answer = application.chat("Hi");
      if (answer.status() == 200 && answer.text().equals(Application.GREETING)) {
        answered.incrementAndGet();
      } else {
        fail(answer.status() + " " + answer.body());
      }
    } catch (RuntimeException failed) {
      fail(failed.toString());
    }
  }

  private void fail(String how) {
    failures.add(Instant.now() + " " + how);
  }

  int answered() {
    return answered.get();
  }

  /** How many were answered in a second, from the start to now. */
  double answeredPerSecond() {
    return answered.get() * 1000.0 / Duration.between(start, Instant.now()).toMillis();
  }

  /** Every call so far got the right answer, and there were some. */
  void assertUninterrupted() {
    assertThat(failures).as("failed calls").isEmpty();
    assertThat(answered).as("answered calls").hasPositiveValue();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
