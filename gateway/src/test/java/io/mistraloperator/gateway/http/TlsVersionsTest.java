package io.mistraloperator.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mistraloperator.gateway.testing.Certificates;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.StubEngine;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
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
}
