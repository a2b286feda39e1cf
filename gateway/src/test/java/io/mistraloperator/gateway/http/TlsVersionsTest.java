package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsVersionsTest extends TlsFixture {
  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  @DisplayName("B0.8 documents, answers and refusals come over both versions of HTTP")
  void answersOverBothVersions(HttpClient.Version version) throws Exception {
    X509Certificate certificate = Certificates.write(directory, "first");
    engine.streams(StubEngine.answer());
    listen();
    await().atMost(SOON).until(listener::ready);
    Map<HttpRequest.Builder, Integer> expected = new LinkedHashMap<>();
    expected.put(request("/info").header("api-key", Routes.PRIMARY), 200);
    expected.put(request("/info"), 401);
    expected.put(post(FlowFixture.HELLO).header("api-key", Routes.PRIMARY), 200);
    expected.put(post(FlowFixture.HELLO), 401);
    expected.put(post("{").header("api-key", Routes.PRIMARY), 400);
    expected.put(post("{}").header("api-key", Routes.PRIMARY), 422);

    for (Map.Entry<HttpRequest.Builder, Integer> one : expected.entrySet()) {
      HttpResponse<String> answer = send(certificate, version, one.getKey());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(one.getValue());
      assertThat(answer.version()).isEqualTo(version);
    }
  }

  @Test
  @DisplayName("drain over HTTP/2: the running stream finishes")
  void drainsMultiplexedConnections() throws Exception {
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

    Future<Void> drained = gateway.server().drain(Duration.ofMinutes(1));
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
  @DisplayName("drain over HTTP/2: a connection that rests is told to go, without an error")
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

    gateway.server().drain(Duration.ofMinutes(1));

    await().atMost(SOON).until(() -> !told.isEmpty());
    assertThat(told.getFirst().getErrorCode()).isZero();
  }
}
