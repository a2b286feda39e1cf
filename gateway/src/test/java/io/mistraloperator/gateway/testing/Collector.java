package io.mistraloperator.gateway.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A collector of traces that remembers what it gets by OTLP over HTTP. */
public final class Collector implements AutoCloseable {
  /**
   * A span as it came.
   *
   * @param kind {@code SPAN_KIND_SERVER} or {@code SPAN_KIND_CLIENT}
   * @param parentId empty when it is the first of its trace
   * @param error whether its status says so
   * @param values text, number or list of texts by name, as text
   */
  public record Seen(
      String name,
      String kind,
      String traceId,
      String spanId,
      String parentId,
      String state,
      boolean error,
      long begin,
      long end,
      Map<String, String> values) {}

  private final HttpServer server;
  private final List<Seen> spans = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> resources = new CopyOnWriteArrayList<>();
  private final List<MultiMap> headers = new CopyOnWriteArrayList<>();
  private volatile boolean silent;

  public Collector(Vertx vertx) throws Exception {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  /** What the gateway is to be told of it. */
  public Map<String, String> settings() {
    return Map.of(
        "otel.exporter.otlp.endpoint",
        "http://127.0.0.1:" + server.actualPort(),
        "otel.bsp.schedule.delay",
        "20");
  }

  /** From now on it takes requests and answers none. */
  public void fallsSilent() {
    silent = true;
  }

  private void handle(HttpServerRequest request) {
    request.body().onSuccess(body -> take(request, body));
  }

  private void take(HttpServerRequest request, Buffer body) {
    if (!request.path().equals("/v1/traces")
        || !"application/x-protobuf".equals(request.getHeader("content-type"))) {
      request.response().setStatusCode(404).end();
      return;
    }
    headers.add(request.headers());
    try {
      ExportTraceServiceRequest.parseFrom(body.getBytes())
          .getResourceSpansList()
          .forEach(this::add);
    } catch (InvalidProtocolBufferException e) {
      request.response().setStatusCode(400).end();
      return;
    }
    if (!silent) {
      request.response().putHeader("content-type", "application/x-protobuf").end();
    }
  }

  private void add(ResourceSpans of) {
    resources.add(values(of.getResource()));
    of.getScopeSpansList()
        .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(seen(span))));
  }

  private static Map<String, String> values(Resource resource) {
    return values(resource.getAttributesList());
  }

  private static Seen seen(Span span) {
    return new Seen(
        span.getName(),
        span.getKind().name(),
        hex(span.getTraceId().toByteArray()),
        hex(span.getSpanId().toByteArray()),
        hex(span.getParentSpanId().toByteArray()),
        span.getTraceState(),
        span.getStatus().getCodeValue() == 2,
        span.getStartTimeUnixNano(),
        span.getEndTimeUnixNano(),
        values(span.getAttributesList()));
  }

  private static String hex(byte[] id) {
    return HexFormat.of().formatHex(id);
  }

  private static Map<String, String> values(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(Collectors.toMap(KeyValue::getKey, each -> text(each.getValue())));
  }

  private static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream()
              .map(Collector::text)
              .collect(Collectors.joining(",", "[", "]"));
      default -> throw new AssertionError(value.toString());
    };
  }

  /** In the order of their ends. */
  public List<Seen> spans() {
    return spans;
  }

  /** Those of requests. */
  public List<Seen> requests() {
    return spans.stream().filter(span -> span.kind().equals("SPAN_KIND_SERVER")).toList();
  }

  /** Those of calls of engines. */
  public List<Seen> calls() {
    return spans.stream().filter(span -> span.kind().equals("SPAN_KIND_CLIENT")).toList();
  }

  /** What each batch says about who sent it. */
  public List<Map<String, String>> resources() {
    return resources;
  }

  /** Headers of each batch. */
  public List<MultiMap> headers() {
    return headers;
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
