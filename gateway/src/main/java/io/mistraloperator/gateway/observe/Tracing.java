package io.mistraloperator.gateway.observe;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.semconv.HttpAttributes;
import io.opentelemetry.semconv.ServerAttributes;
import io.opentelemetry.semconv.UrlAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Spans of requests and of the calls of engines that they lead to, by OpenTelemetry's conventions
 * for HTTP and generative AI. Without a tracer there are none, which costs nothing. Thread-safe.
 */
public final class Tracing {
  private static final Tracing OFF = new Tracing(Optional.empty());

  /** The methods that conventions know; all others are one. */
  private static final Set<String> METHODS =
      Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE");

  private static final String OTHER_METHOD = "_OTHER";

  private static final TextMapGetter<Map<String, String>> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
          return headers.get(name);
        }
      };

  private final Optional<Tracer> tracer;

  private Tracing(Optional<Tracer> tracer) {
    this.tracer = tracer;
  }

  /** Makes no spans. */
  public static Tracing off() {
    return OFF;
  }

  /** Makes spans with {@code tracer}, which decides which of them are recorded. */
  static Tracing with(Tracer tracer) {
    return new Tracing(Optional.of(tracer));
  }

  /**
   * Begins the span of a request.
   *
   * @param given where it stands in the client's trace
   * @param scheme {@code http} or {@code https}
   * @param host that the client named; empty when it named none
   * @param path without query
   * @return empty while there are no spans
   */
  public Optional<RequestSpan> request(
      TraceContext given, String method, String scheme, String host, String path) {
    if (tracer.isEmpty()) {
      return Optional.empty();
    }
    String known = METHODS.contains(method) ? method : OTHER_METHOD;
    SpanBuilder builder =
        tracer
            .get()
            .spanBuilder(known.equals(OTHER_METHOD) ? "HTTP" : known)
            .setSpanKind(SpanKind.SERVER)
            .setParent(client(given))
            .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, known)
            .setAttribute(UrlAttributes.URL_SCHEME, scheme)
            .setAttribute(UrlAttributes.URL_PATH, path);
    if (!host.isEmpty()) {
      builder.setAttribute(ServerAttributes.SERVER_ADDRESS, host);
    }
    Span span = builder.startSpan();
    return Optional.of(
        new RequestSpan(span, known, context(span, given.parentId(), given.state())));
  }

  /**
   * Begins the span of one call of an engine.
   *
   * @param request where the request stands that it is made for
   * @param operation OpenTelemetry's word for it, for instance {@code chat}
   * @param model its name
   * @param address of the instance
   * @return empty while there are no spans
   */
  public Optional<CallSpan> call(
      TraceContext request, String operation, String model, String address, int port) {
    if (tracer.isEmpty()) {
      return Optional.empty();
    }
    Span span =
        tracer
            .get()
            .spanBuilder(operation + " " + model)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(own(request))
            .setAttribute(GenAi.OPERATION, operation)
            .setAttribute(GenAi.PROVIDER, GenAi.MISTRAL)
            .setAttribute(GenAi.MODEL, model)
            // Engines always stream to the gateway.
            .setAttribute(GenAi.STREAM, true)
            .setAttribute(HttpAttributes.HTTP_REQUEST_METHOD, "POST")
            .setAttribute(ServerAttributes.SERVER_ADDRESS, address)
            .setAttribute(ServerAttributes.SERVER_PORT, (long) port)
            .startSpan();
    return Optional.of(
        new CallSpan(span, model, context(span, Optional.of(request.spanId()), request.state())));
  }

  private static Context client(TraceContext given) {
    return given
        .parentId()
        .map(
            parent ->
                read(
                    new TraceContext(
                        given.traceId(), parent, Optional.empty(), given.flags(), given.state())))
        .orElseGet(Context::root);
  }

  private static Context own(TraceContext request) {
    SpanContext read = Span.fromContext(read(request)).getSpanContext();
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.create(
                    read.getTraceId(),
                    read.getSpanId(),
                    read.getTraceFlags(),
                    read.getTraceState())));
  }

  private static Context read(TraceContext context) {
    return W3CTraceContextPropagator.getInstance()
        .extract(Context.root(), context.headers(), HEADERS);
  }

  /** Where the span stands. */
  private static TraceContext context(Span span, Optional<String> parent, Optional<String> state) {
    SpanContext own = span.getSpanContext();
    return new TraceContext(
        own.getTraceId(), own.getSpanId(), parent, own.getTraceFlags().asHex(), state);
  }
}
