package io.mistraloperator.gateway.observe;

import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.semconv.ErrorAttributes;
import io.opentelemetry.semconv.HttpAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The span of one request, from its head to its settlement. Used by one thread. */
public final class RequestSpan {
  private static final AttributeKey<String> PROJECT = AttributeKey.stringKey("mistral.project");
  private static final AttributeKey<String> ENDPOINT = AttributeKey.stringKey("mistral.endpoint");
  private static final AttributeKey<String> DEPLOYMENT =
      AttributeKey.stringKey("mistral.deployment");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("mistral.request.id");
  private static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("mistral.attempts");

  private final Span span;
  private final String method;
  private final TraceContext context;
  private final List<String> reasons = new ArrayList<>(1);
  private boolean streams;

  RequestSpan(Span span, String method, TraceContext context) {
    this.span = span;
    this.method = method;
    this.context = context;
  }

  /** Where it stands in the client's trace. */
  public TraceContext context() {
    return context;
  }

  /**
   * It is known what is asked.
   *
   * @param path one of those that are served, after what names the endpoint
   */
  public void asked(String path) {
    span.updateName(method + " " + path);
    span.setAttribute(HttpAttributes.HTTP_ROUTE, path);
  }

  /** It is known how the client wants its answer. */
  public void streams(boolean asked) {
    streams = asked;
  }

  /** One choice of the answer ended. */
  public void finished(FinishReason reason) {
    reasons.add(reason.word());
  }

  /** The request is over. */
  public void end(RequestRecord request) {
    if (span.isRecording()) {
      span.setAttribute(REQUEST, request.requestId());
      span.setAttribute(HttpAttributes.HTTP_RESPONSE_STATUS_CODE, (long) request.status());
      request.endpoint().ifPresent(this::tell);
      request.inference().ifPresent(inference -> tell(request, inference));
      if (request.status() >= 400) {
        span.setAttribute(ErrorAttributes.ERROR_TYPE, request.outcome());
      }
      if (request.status() >= 500) {
        // What is the client's fault is no error of a server.
        span.setStatus(StatusCode.ERROR);
      }
    }
    span.end();
  }

  private void tell(RequestRecord.EndpointName endpoint) {
    span.setAttribute(PROJECT, endpoint.project());
    span.setAttribute(ENDPOINT, endpoint.name());
    if (endpoint.decided()) {
      span.setAttribute(DEPLOYMENT, endpoint.deployment());
    }
  }

  private void tell(RequestRecord request, RequestRecord.Inference inference) {
    span.setAttribute(GenAi.OPERATION, inference.operation());
    span.setAttribute(GenAi.PROVIDER, GenAi.MISTRAL);
    span.setAttribute(GenAi.MODEL, inference.model());
    span.setAttribute(GenAi.STREAM, streams);
    span.setAttribute(ATTEMPTS, (long) request.attempts());
    if (streams) {
      request.firstToken().ifPresent(first -> span.setAttribute(GenAi.FIRST_CHUNK, seconds(first)));
    }
    if (!reasons.isEmpty()) {
      span.setAttribute(GenAi.RESPONSE_MODEL, inference.model());
      span.setAttribute(GenAi.FINISH_REASONS, List.copyOf(reasons));
    }
    request.usage().ifPresent(this::tell);
  }

  private void tell(Usage usage) {
    span.setAttribute(GenAi.INPUT_TOKENS, usage.prompt());
    span.setAttribute(GenAi.OUTPUT_TOKENS, usage.completion());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
