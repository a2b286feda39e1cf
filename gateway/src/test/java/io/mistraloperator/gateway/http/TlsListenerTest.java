package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsListenerTest extends FlowFixture {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private TlsListener listener;

  private void listen() {
    listener = new TlsListener(vertx, gateway.server(), new TlsFiles(directory), 0);
    listener.start(Duration.ofMillis(50));
  }

  @AfterEach
  void stop() {
    listener.stop();
  }

  private static SSLContext trusting(X509Certificate... certificates) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    for (X509Certificate certificate : certificates) {
      trusted.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private HttpResponse<String> chat(X509Certificate trusted, HttpClient.Version version)
      throws Exception {
    return send(trusted, version, post(HELLO_STREAM).header("api-key", Routes.PRIMARY));
  }

  private HttpRequest.Builder post(String body) {
    return request("/chat/completions")
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + listener.port() + "/endpoints/Chat-One" + path))
        .timeout(SOON);
  }

  private static HttpResponse<String> send(
      X509Certificate trusted, HttpClient.Version version, HttpRequest.Builder request)
      throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().version(version).sslContext(trusting(trusted)).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

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
  @DisplayName("the listener waits for its files and is not ready without them")
  void waitsForTheFiles() throws Exception {
    listen();
    // A turn of the loop that looked and found nothing.
    await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> !listener.ready());

    X509Certificate certificate = Certificates.write(directory, "first");
    engine.streams(StubEngine.answer());

    await().atMost(SOON).until(listener::ready);
    for (HttpClient.Version version :
        List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
      HttpResponse<String> answer = chat(certificate, version);
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }
    assertThat(
            gateway
                .registry()
                .get("mistral.gateway.requests")
                .tag("status", "2xx")
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  @DisplayName("a renewed certificate is served without a restart, open connections stay")
  void renewed() throws Exception {
    X509Certificate first = Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);
    try (SSLSocket open =
        (SSLSocket) trusting(first).getSocketFactory().createSocket("localhost", listener.port())) {
      open.startHandshake();

      Path next = Files.createTempDirectory("next");
      X509Certificate second = Certificates.write(next, "second");
      for (String name : new String[] {"tls.key", "tls.crt"}) {
        Files.move(
            next.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }

      await().atMost(SOON).untilAsserted(() -> assertThat(served(second)).isEqualTo(second));
      open.getOutputStream()
          .write("GET /info HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".getBytes());
      assertThat(new String(open.getInputStream().readAllBytes())).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  @DisplayName("renewals turn no connection away")
  void renewedUnderConnections() throws Exception {
    Path one = Files.createDirectory(directory.resolve("one"));
    Path two = Files.createDirectory(directory.resolve("two"));
    X509Certificate first = Certificates.write(one, "first");
    X509Certificate second = Certificates.write(two, "second");
    point(one);
    listen();
    await().atMost(SOON).until(listener::ready);
    SSLContext trust = trusting(first, second);

    for (int renewal = 0; renewal < 20; renewal++) {
      point(renewal % 2 == 0 ? two : one);
      X509Certificate expected = renewal % 2 == 0 ? second : first;
      // One connection after the other until the new one is seen: none may fail.
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .atMost(SOON)
          .until(() -> shown(trust).equals(expected));
    }
  }

  /** As a mounted Secret changes: the link to both files in one step. */
  private void point(Path folder) throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("next"), folder.resolve("tls.crt"));
    Files.move(link, directory.resolve("tls.crt"), StandardCopyOption.ATOMIC_MOVE);
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
  void aBrokenRenewalChangesNothing() throws Exception {
    X509Certificate first = Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);

    Files.writeString(directory.resolve("tls.crt"), "not a certificate");

    await()
        .during(Duration.ofMillis(300))
        .atMost(SOON)
        .untilAsserted(() -> assertThat(served(first)).isEqualTo(first));
  }

  private X509Certificate served(X509Certificate trusted) throws Exception {
    try {
      return shown(trusting(trusted));
    } catch (javax.net.ssl.SSLHandshakeException notTrusted) {
      throw new AssertionError(notTrusted);
    }
  }

  /** The certificate that a new connection is shown. */
  private X509Certificate shown(SSLContext trust) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) trust.getSocketFactory().createSocket("localhost", listener.port())) {
      socket.startHandshake();
      X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      // The next connection shall not take this session up again.
      socket.getSession().invalidate();
      return certificate;
    }
  }
}
