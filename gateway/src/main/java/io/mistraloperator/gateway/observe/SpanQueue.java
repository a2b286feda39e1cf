package io.mistraloperator.gateway.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The ends of the SDK's queue, which drops without a word what it has no room for: what goes in is
 * bounded here, so that nothing is lost uncounted. Thread-safe.
 */
final class SpanQueue {
  private final AtomicInteger under = new AtomicInteger();
  private final Counter exported;
  private final Counter failed;
  private final Counter dropped;

  SpanQueue(MeterRegistry registry) {
    exported = counter(registry, "exported");
    failed = counter(registry, "failed");
    dropped = counter(registry, "dropped");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder("mistral.gateway.spans")
        .description("Spans that were recorded")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * The queue's entry.
   *
   * @param limit spans that wait or are being sent, at most
   */
  SpanProcessor bounding(SpanProcessor next, int limit) {
    return new Entry(next, limit);
  }

  /** The queue's exit. */
  SpanExporter counting(SpanExporter next) {
    return new Exit(next);
  }

  private final class Entry implements SpanProcessor {
    private final SpanProcessor next;
    private final int limit;

    private Entry(SpanProcessor next, int limit) {
      this.next = next;
      this.limit = limit;
    }

    @Override
    public void onEnd(ReadableSpan span) {
      if (!span.getSpanContext().isSampled()) {
        return;
      }
      if (under.incrementAndGet() > limit) {
        under.decrementAndGet();
        dropped.increment();
      } else {
        next.onEnd(span);
      }
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
      next.onStart(parent, span);
    }

    @Override
    public boolean isStartRequired() {
      return next.isStartRequired();
    }

    @Override
    public boolean isEndRequired() {
      return true;
    }

    @Override
    public CompletableResultCode shutdown() {
      return next.shutdown();
    }

    @Override
    public CompletableResultCode forceFlush() {
      return next.forceFlush();
    }
  }

  private final class Exit implements SpanExporter {
    private final SpanExporter next;

    private Exit(SpanExporter next) {
      this.next = next;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int number = spans.size();
      CompletableResultCode result = next.export(spans);
      return result.whenComplete(
          () -> {
            under.addAndGet(-number);
            (result.isSuccess() ? exported : failed).increment(number);
          });
    }

    @Override
    public CompletableResultCode flush() {
      return next.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return next.shutdown();
    }
  }
}
