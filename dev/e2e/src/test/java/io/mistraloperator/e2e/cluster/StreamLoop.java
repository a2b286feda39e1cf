package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads one long stream after the other until closed, and counts those that do not end well. */
final class StreamLoop implements AutoCloseable {
  /** An answer that ends only where the context does. */
  private static final String LONG = "Tell me a story that goes on forever";

  private final AtomicInteger ended = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final Thread reader;
  private volatile boolean closed;

  StreamLoop(Application application) {
    reader =
        Thread.startVirtualThread(
            () -> {
              while (!closed) {
                read(application);
              }
            });
  }

  private void read(Application application) {
    try (ChatStream stream = application.stream(LONG)) {
      if (stream.status() == 200 && stream.toEnd().finishReason().equals("length")) {
        ended.incrementAndGet();
      } else {
        fail(stream.status() + " after " + stream.chunks().size() + " chunks");
      }
    } catch (RuntimeException | AssertionError failed) {
      if (!closed) {
        fail(failed.toString());
      }
    }
  }

  private void fail(String how) {
    failures.add(Instant.now() + " " + how);
  }

  int ended() {
    return ended.get();
  }

  /** Every stream so far came to its end, and there were some. */
  void assertUninterrupted() {
    assertThat(failures).as("broken streams").isEmpty();
    assertThat(ended).as("whole streams").hasPositiveValue();
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
  }
}
