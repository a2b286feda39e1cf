package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls an endpoint some times a second until closed, and counts what is not a right answer. */
final class RequestLoop implements AutoCloseable {
  private static final int RATE = 10;

  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  private final AtomicInteger answered = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  RequestLoop(Application application) {
    this(application, RATE);
  }

  /**
   * @param rate calls a second, at most
   */
  RequestLoop(Application application, int rate) {
    timer.scheduleAtFixedRate(() -> call(application), 0, 1000 / rate, TimeUnit.MILLISECONDS);
  }

  private void call(Application application) {
    try {
      Application.Answer answer = application.chat("Hi");
      if (answer.status() == 200 && answer.text().equals(Application.GREETING)) {
        answered.incrementAndGet();
      } else {
        failures.add(answer.status() + " " + answer.body());
      }
    } catch (RuntimeException failed) {
      failures.add(failed.toString());
    }
  }

  int answered() {
    return answered.get();
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
