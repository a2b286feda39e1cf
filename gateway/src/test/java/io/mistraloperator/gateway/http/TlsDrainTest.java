package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.Forwarder;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("drain over HTTP/2")
class TlsDrainTest extends TlsFixture {
  private static final Duration LONG = Duration.ofMinutes(1);

  @Test
  @DisplayName("a request that crosses the word to go is answered")
  void answersWhatCrosses() throws Exception {
    X509Certificate certificate = Certificates.write(directory, "first");
    engine.streams(StubEngine.answer());
    listen();
    await().atMost(SOON).until(listener::ready);
    Forwarder forwarder = new Forwarder(vertx, listener.port());
    try (HttpClient client = HttpClient.newBuilder().sslContext(trusting(certificate)).build()) {
      assertThat(client.send(chat(forwarder), BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      forwarder.holdAnswers();
      gateway.server().drain(LONG, LONG);
      await("the end of what the test has in its way").until(() -> gateway.server().running() == 0);
      var crossing = client.sendAsync(chat(forwarder), BodyHandlers.ofString());
      await().atMost(SOON).until(() -> engine.seen().size() == 2);
      forwarder.releaseAnswers();

      assertThat(crossing.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("the running stream finishes")
  void finishesStreams() throws Exception {
    X509Certificate certificate = Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);
    AtomicReference<HttpServerResponse> open = new AtomicReference<>();
    engine.plays(
        (request, response) ->
            StubEngine.begin(response)
                .write(StubEngine.frames(StubEngine.text("Hel")))
                .onSuccess(sent -> open.set(response)));
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(() -> chatOrFail(certificate));
    await().atMost(SOON).until(() -> open.get() != null);

    Future<Void> drained = gateway.server().drain(Duration.ZERO, LONG);
    assertThat(drained.isComplete()).isFalse();
    open.get().end(StubEngine.frames(StubEngine.chunk("{}", "stop"), "[DONE]"));

    assertThat(answer.get(30, TimeUnit.SECONDS).body()).endsWith("data: [DONE]\n\n");
    await().atMost(SOON).until(drained::succeeded);
  }

  private HttpResponse<String> chatOrFail(X509Certificate trusted) {
    try {
      return chat(trusted, HttpClient.Version.HTTP_2);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a connection that rests is told to go, without an error")
  void tellsConnectionsThatRest() throws Exception {
    Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);
    List<GoAway> told = new CopyOnWriteArrayList<>();
    var client =
        vertx
            .httpClientBuilder()
            .with(
                new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setTrustAll(true)
                    .setVerifyHost(false))
            .withConnectHandler(connection -> connection.goAwayHandler(told::add))
            .build();
    String path = "/endpoints/Chat-One/info";
    var answered =
        client
            .request(HttpMethod.GET, listener.port(), "localhost", path)
            .compose(HttpClientRequest::send)
            .compose(response -> response.body().map(body -> response.version()));
    await().atMost(SOON).until(answered::succeeded);
    assertThat(answered.result()).isEqualTo(HttpVersion.HTTP_2);
    assertThat(told).isEmpty();

    gateway.server().drain(LONG, LONG);

    await().atMost(SOON).until(() -> !told.isEmpty());
    assertThat(told.getFirst().getErrorCode()).isZero();
    assertThat(told.getFirst().getLastStreamId()).isEqualTo(Integer.MAX_VALUE);
  }

  private static HttpRequest chat(Forwarder forwarder) {
    return HttpRequest.newBuilder(
            URI.create(
                "https://localhost:" + forwarder.port() + "/endpoints/Chat-One/chat/completions"))
        .header("api-key", Routes.PRIMARY)
        .header("content-type", "application/json")
        .timeout(SOON)
        .POST(HttpRequest.BodyPublishers.ofString(HELLO))
        .build();
  }
}
