package io.mistraloperator.gateway.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Instance;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine that does what a test tells it, and remembers what it was asked. */
public final class StubEngine implements AutoCloseable {
  /** What the engine does with one request. */
  public interface Script {
    void play(HttpServerRequest request, HttpServerResponse response);
  }

  /** A request that arrived. */
  public record Seen(String path, MultiMap headers, JsonNode body) {}

  private final Vertx vertx;
  private HttpServer server;
  private int port;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final AtomicInteger dropped = new AtomicInteger();
  private volatile Script script = (request, response) -> response.setStatusCode(500).end();

  public StubEngine(Vertx vertx) throws Exception {
    this.vertx = vertx;
    reopen();
  }

  /** Listens, after a {@link #close} where it did before. */
  public void reopen() throws Exception {
    server = vertx.createHttpServer().requestHandler(this::handle);
    server
        .listen(port, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    port = server.actualPort();
  }

  private void handle(HttpServerRequest request) {
    request
        .response()
        .closeHandler(
            closed -> {
              if (!request.response().ended()) {
                dropped.incrementAndGet();
              }
            });
    request
        .body()
        .onSuccess(
            body -> {
              seen.add(
                  new Seen(
                      request.path(),
                      request.headers(),
                      Json.parse(body.getBytes()).orElseThrow()));
              script.play(request, request.response());
            });
  }

  /** From now on the engine plays {@code script}. */
  public void plays(Script script) {
    this.script = script;
  }

  /** From now on the engine streams {@code events}, each as one data line, at once. */
  public void streams(String... events) {
    plays((request, response) -> begin(response).end(frames(events)));
  }

  /** Begins an event stream. */
  public static HttpServerResponse begin(HttpServerResponse response) {
    return response.setChunked(true).putHeader("content-type", "text/event-stream");
  }

  /** The bytes of {@code events}. */
  public static Buffer frames(String... events) {
    Buffer frames = Buffer.buffer();
    for (String event : events) {
      frames.appendString("data: ").appendString(event).appendString("\n\n");
    }
    return frames;
  }

  /** A chunk as llama.cpp sends it. */
  public static String chunk(String delta, String finishReason) {
    return """
        {"choices":[{"finish_reason":%s,"index":0,"delta":%s}],"created":1795227644,\
        "id":"chatcmpl-0rPKslBysqqOxDMDGHtqKrQ95q5HkNmv","model":"other",\
        "system_fingerprint":"b1","object":"chat.completion.chunk"}"""
        .formatted(finishReason == null ? "null" : '"' + finishReason + '"', delta);
  }

  /** A piece of text. */
  public static String text(String text) {
    return chunk(Json.object().put("content", text).toString(), null);
  }

  /** A usage chunk. */
  public static String usage(int prompt, int completion) {
    return """
        {"choices":[],"created":1795227644,"id":"chatcmpl-x","object":"chat.completion.chunk",\
        "usage":{"completion_tokens":%d,"prompt_tokens":%d,"total_tokens":%d},"timings":{"cache_n":1}}"""
        .formatted(completion, prompt, prompt + completion);
  }

  /** A whole answer of two pieces of text. */
  public static String[] answer() {
    return new String[] {
      chunk("{\"role\":\"assistant\",\"content\":null}", null),
      text("Hello"),
      text(" there"),
      chunk("{}", "stop"),
      usage(5, 2),
      "[DONE]"
    };
  }

  public List<Seen> seen() {
    return seen;
  }

  /** The only request so far. */
  public Seen only() {
    if (seen.size() != 1) {
      throw new AssertionError("expected one request, saw " + seen.size());
    }
    return seen.getFirst();
  }

  /** Requests whose connection closed before they were answered. */
  public int dropped() {
    return dropped.get();
  }

  public Instance instance() {
    return new Instance("127.0.0.1", port);
  }

  public Vertx vertx() {
    return vertx;
  }

  @Override
  public void close() {
    server.close().toCompletionStage().toCompletableFuture().join();
  }
}
