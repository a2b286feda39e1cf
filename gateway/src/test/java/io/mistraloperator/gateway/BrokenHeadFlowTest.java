package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.RawClient;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("B7.4 heads that no HTTP library would send")
class BrokenHeadFlowTest extends FlowFixture {
  private static final String INFO = "GET /endpoints/Chat-One/info HTTP/1.1\r\nhost: x\r\n";

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("no HTTP at all", "HELLO\r\n\r\n", 400, "BadRequest", "not HTTP"),
        Arguments.of(
            "an unknown version",
            "GET /endpoints/Chat-One/info HTTP/3.7\r\nhost: x\r\n\r\n",
            400,
            "BadRequest",
            "HTTP/1.1 or HTTP/1.0"),
        Arguments.of(
            "another protocol",
            "GET /endpoints/Chat-One/info RTSP/1.0\r\nhost: x\r\n\r\n",
            400,
            "BadRequest",
            "HTTP/1.1 or HTTP/1.0"),
        Arguments.of(
            "a blank in a name", INFO + "x y: a\r\n\r\n", 400, "BadRequest", "names and values"),
        Arguments.of(
            "a control character",
            INFO + "x-ms-client-request-id: a\u0001b\r\n\r\n",
            400,
            "BadRequest",
            "control characters"),
        Arguments.of(
            "two lengths",
            INFO + "content-length: 5\r\ncontent-length: 6\r\n\r\n",
            400,
            "BadRequest",
            "Content-Length"),
        Arguments.of(
            "no length", INFO + "content-length: ten\r\n\r\n", 400, "BadRequest", "Content-Length"),
        Arguments.of(
            "a long URL",
            "GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nhost: x\r\n\r\n",
            414,
            "URITooLong",
            "at most 8192 bytes"),
        Arguments.of(
            "long headers",
            INFO + "x: " + "a".repeat(40_000) + "\r\n\r\n",
            431,
            "RequestHeaderFieldsTooLarge",
            "at most 32768 bytes"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  @DisplayName("get an error of the table that says what to look at, and the connection ends")
  void broken(String name, String head, int status, String code, String words) throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(head);
      String answer = client.readAll();

      assertThat(answer.lines().findFirst().orElseThrow()).contains(" " + status + " ");
      assertThat(answer).contains("x-ms-error-code: " + code, "x-request-id: ");
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      JsonNode envelope = Json.parse(body.getBytes(StandardCharsets.UTF_8)).orElseThrow();
      assertThat(envelope.path("error").path("code").asText()).isEqualTo(code);
      assertThat(envelope.path("status").asInt()).isEqualTo(status);
      assertThat(envelope.path("message").asText()).contains(words);
    }
    assertThat(gateway.server().running()).isZero();
  }

  @Test
  @DisplayName("a body that breaks off its own form ends with its connection")
  void brokenChunks() throws Exception {
    try (RawClient client = new RawClient(gateway.port())) {
      client.write(
          "POST /endpoints/Chat-One/chat/completions HTTP/1.1\r\nhost: x\r\napi-key: "
              + Routes.PRIMARY
              + "\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
      assertThat(client.closedByServer()).isTrue();
    }
    assertThat(engine.seen()).isEmpty();
  }
}
