package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.StubEngine;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TlsListenerTest extends TlsFixture {
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
  @DisplayName("a port that is taken for a while is tried again")
  void waitsForThePort() throws Exception {
    Certificates.write(directory, "first");
    try (ServerSocket taken = new ServerSocket(0)) {
      listen(taken.getLocalPort());
      // Turns of the loop that found the port taken.
      await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> !listener.ready());
    }

    await().atMost(SOON).until(listener::ready);
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
  void aBrokenRenewalChangesNothing() throws Exception {
    X509Certificate first = Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);

    Files.writeString(directory.resolve("tls.crt"), "not a certificate");

    goesOnServing(first);
  }

  @Test
  @DisplayName("a renewed certificate without its key changes nothing, with its key it is served")
  void aKeyOfAnotherCertificate() throws Exception {
    X509Certificate first = Certificates.write(directory, "first");
    listen();
    await().atMost(SOON).until(listener::ready);
    Path next = Files.createTempDirectory("next");
    X509Certificate second = Certificates.write(next, "second");

    Files.copy(
        next.resolve("tls.crt"), directory.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);
    goesOnServing(first);
    Files.copy(
        next.resolve("tls.key"), directory.resolve("tls.key"), StandardCopyOption.REPLACE_EXISTING);

    await().atMost(SOON).untilAsserted(() -> assertThat(served(second)).isEqualTo(second));
  }

  private void goesOnServing(X509Certificate first) {
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
