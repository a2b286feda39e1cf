package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("B0.8 connections without a request are not kept for ever, over TLS and HTTP/2")
class TlsConnectionsTest extends ConnectionFixture {
  @TempDir private Path directory;

  @Test
  @DisplayName("one that does not even begin with TLS")
  void noHandshake() throws Exception {
    limits(SHORT, LONG);
    try (RawClient client = new RawClient(tls())) {
      assertThat(client.closedByServer()).isTrue();
    }
    awaitNone();
  }

  @Test
  @DisplayName("an answer is not cut, however slowly it is read")
  void aSlowMultiplexedReader() throws Exception {
    limits(LONG, SHORT);
    longAnswer();
    AtomicReference<HttpClientResponse> slow = new AtomicReference<>();
    StringBuffer read = new StringBuffer();
    Future<Void> end =
        multiplexedRequest(tls())
            .compose(request -> request.send(HELLO_STREAM))
            .compose(
                response -> {
                  response.pause().handler(read::append);
                  slow.set(response);
                  return response.end();
                });
    for (int pause = 0; pause < 3; pause++) {
      await().atMost(SOON).until(() -> slow.get() != null);
      slow.get().fetch(1);
      anIdleOneWasClosed();
    }
    assertThat(end.isComplete()).isFalse();
    slow.get().resume();

    end.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(read.toString()).endsWith("data: [DONE]\n\n").doesNotContain("error");
  }

  @Test
  @DisplayName("closed once it has no stream, and not before")
  void multiplexed() throws Exception {
    limits(LONG, SHORT);
    AtomicReference<HttpServerResponse> silent = silentEngine();
    AtomicBoolean closed = new AtomicBoolean();
    Future<String> answer =
        multiplexedRequest(tls())
            .onSuccess(request -> request.connection().closeHandler(end -> closed.set(true)))
            .compose(request -> request.send(HELLO_STREAM))
            .compose(HttpClientResponse::body)
            .map(Object::toString);
    await().atMost(SOON).until(() -> silent.get() != null);
    anIdleOneWasClosed();
    anIdleOneWasClosed();
    assertThat(closed).isFalse();
    silent.get().end(StubEngine.frames(StubEngine.answer()));

    assertThat(answer.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .contains("Hello", "[DONE]");
    await().atMost(SOON).untilTrue(closed);
    awaitNone();
  }

  private int tls() throws Exception {
    Certificates.write(directory, "idle");
    TlsListener listener = new TlsListener(vertx, gateway.server(), new TlsFiles(directory), 0);
    listener.start(Duration.ofMillis(50));
    await().atMost(SOON).until(listener::ready);
    listener.stop();
    return listener.port();
  }

  private Future<HttpClientRequest> multiplexedRequest(int port) {
    HttpClient client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setUseAlpn(true)
                .setSsl(true)
                .setTrustAll(true)
                .setVerifyHost(false));
    return client.request(
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost("localhost")
            .setPort(port)
            .setURI("/endpoints/Chat-One/chat/completions")
            .putHeader("api-key", Routes.PRIMARY)
            .putHeader("content-type", "application/json"));
  }
}
