package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that listens with the certificate of a folder, and callers of it. */
abstract class TlsFixture extends FlowFixture {
  static final Duration SOON = Duration.ofSeconds(30);
  @TempDir Path directory;
  TlsListener listener;

  void listen() {
    listen(0);
  }

  void listen(int port) {
    listener = new TlsListener(vertx, gateway.server(), new TlsFiles(directory), port);
    listener.start(Duration.ofMillis(50));
  }

  @AfterEach
  void stop() {
    listener.stop();
  }

  static SSLContext trusting(X509Certificate... certificates) throws Exception {
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

  HttpResponse<String> chat(X509Certificate trusted, HttpClient.Version version) throws Exception {
    return send(trusted, version, post(HELLO_STREAM).header("api-key", Routes.PRIMARY));
  }

  HttpRequest.Builder post(String body) {
    return request("/chat/completions")
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("https://localhost:" + listener.port() + "/endpoints/Chat-One" + path))
        .timeout(SOON);
  }

  static HttpResponse<String> send(
      X509Certificate trusted, HttpClient.Version version, HttpRequest.Builder request)
      throws Exception {
    try (HttpClient client =
        HttpClient.newBuilder().version(version).sslContext(trusting(trusted)).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
