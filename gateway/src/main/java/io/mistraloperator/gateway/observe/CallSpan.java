package io.mistraloperator.gateway.observe;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.semconv.ErrorAttributes;
import java.util.List;

/** The span of one call of an engine. What comes after its end is not told. */
public final class CallSpan {
  private final Span span;
  private final String model;
  private final TraceContext context;

  CallSpan(Span span, String model, TraceContext context) {
    this.span = span;
    this.model = model;
    this.context = context;
  }

  /** Where the engine's part of the trace belongs. */
  public TraceContext context() {
    return context;
  }

  /** No connection could be made. */
  public void unreachable() {
    failed("unreachable");
  }

  /** Nobody wants the answer any more. */
  public void cancelled() {
    span.setAttribute(ErrorAttributes.ERROR_TYPE, "cancelled");
    span.end();
  }

  /** The answer of the engine is over, if this is how. */
  public void end(EngineEvent last) {
    switch (last) {
      case EngineEvent.Finish(var reason, var usage) -> {
        span.setAttribute(GenAi.RESPONSE_MODEL, model);
        span.setAttribute(GenAi.FINISH_REASONS, List.of(reason.word()));
        span.setAttribute(GenAi.INPUT_TOKENS, usage.prompt());
        span.setAttribute(GenAi.OUTPUT_TOKENS, usage.completion());
        span.end();
      }
      case EngineEvent.Failure(var reason) -> failed(reason.code().word());
      case EngineEvent.Text text -> {}
      case EngineEvent.Call call -> {}
    }
  }

  private void failed(String why) {
    span.setAttribute(ErrorAttributes.ERROR_TYPE, why);
    span.setStatus(StatusCode.ERROR);
    span.end();
  }
}
