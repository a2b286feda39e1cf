package io.mistraloperator.gateway.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import io.mistraloperator.gateway.observe.RequestRecord.Inference;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One line of JSON per request. Lines of requests that end at about the same time are written
 * together, {@link #DELAY} after the first of them, so that no answer waits for its own.
 */
public final class AccessLog {
  /** How long a line waits for others. */
  public static final Duration DELAY = Duration.ofMillis(10);

  /** Characters that wait at most. */
  private static final int MOST_WAITING = 64 * 1024;

  private static final Logger LOG = Logger.getLogger("access");

  private final Clock clock;
  private final Consumer<Runnable> later;
  private final Consumer<String> out;
  private Optional<Lines> waiting = Optional.empty();

  /**
   * Makes a log.
   *
   * @param clock tells the time of a line
   * @param later runs something {@link #DELAY} from now
   */
  public AccessLog(Clock clock, Consumer<Runnable> later) {
    this(clock, later, LOG::info);
  }

  AccessLog(Clock clock, Consumer<Runnable> later, Consumer<String> out) {
    this.clock = clock;
    this.later = later;
    this.out = out;
  }

  /** Takes a line to be written. */
  public void write(RequestRecord request) {
    if (add(request)) {
      flush();
    }
  }

  /** Whether there are too many lines to wait any longer. */
  private synchronized boolean add(RequestRecord request) {
    if (waiting.isEmpty()) {
      waiting = Optional.of(new Lines());
      later.accept(this::flush);
    }
    Lines lines = waiting.get();
    lines.add(request, clock);
    return lines.text.getBuffer().length() >= MOST_WAITING;
  }

  /** Writes what waits. */
  public void flush() {
    taken().map(Lines::whole).ifPresent(out);
  }

  private synchronized Optional<Lines> taken() {
    Optional<Lines> lines = waiting;
    waiting = Optional.empty();
    return lines;
  }

  /** Lines under way: JSON values, a line end between two. */
  private static final class Lines {
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = Json.lines(text);

    void add(RequestRecord request, Clock clock) {
      try {
        json.writeStartObject();
        json.writeStringField("time", clock.instant().toString());
        json.writeStringField("requestId", request.requestId());
        trace(request.trace());
        if (request.endpoint().isPresent()) {
          json.writeStringField("project", request.endpoint().get().project());
          json.writeStringField("endpoint", request.endpoint().get().name());
          optional(
              "deployment",
              request.endpoint().filter(EndpointName::decided).map(EndpointName::deployment));
        }
        json.writeStringField("operation", request.operation());
        optional("model", request.inference().map(Inference::model));
        result(request);
        json.writeEndObject();
        json.flush();
      } catch (IOException e) {
        throw new UncheckedIOException("text in memory can always be written", e);
      }
    }

    private void trace(TraceContext trace) throws IOException {
      json.writeStringField("traceId", trace.traceId());
      json.writeStringField("spanId", trace.spanId());
      optional("parentSpanId", trace.parentId());
    }

    private void result(RequestRecord request) throws IOException {
      json.writeNumberField("status", request.status());
      json.writeStringField("outcome", request.outcome());
      json.writeNumberField("durationMs", millis(request.duration()));
      if (request.firstToken().isPresent()) {
        json.writeNumberField("firstTokenMs", millis(request.firstToken().get()));
      }
      if (request.usage().isPresent()) {
        json.writeNumberField("promptTokens", request.usage().get().prompt());
        json.writeNumberField("completionTokens", request.usage().get().completion());
      }
      json.writeNumberField("attempts", request.attempts());
    }

    private void optional(String name, Optional<String> value) throws IOException {
      if (value.isPresent()) {
        json.writeStringField(name, value.get());
      }
    }

    private static double millis(Duration duration) {
      return duration.toNanos() / 1_000 / 1_000.0;
    }

    String whole() {
      return text.toString();
    }
  }
}
