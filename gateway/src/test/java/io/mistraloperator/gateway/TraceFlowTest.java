package io.mistraloperator.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.testing.FlowFixture;
import io.mistraloperator.gateway.testing.StubEngine;
import io.vertx.core.MultiMap;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B0.6 W3C Trace Context from client to engine")
class TraceFlowTest extends FlowFixture {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  @Test
  void theEngineIsPartOfTheClientsTrace() {
    engine.streams(StubEngine.answer());

    gateway.send(
        gateway
            .request(route, "/chat/completions")
            .header("traceparent", "00-" + TRACE + "-" + PARENT + "-00")
            .header("tracestate", "vendor=opaque")
            .POST(BodyPublishers.ofString(HELLO)));

    MultiMap headers = engine.only().headers();
    assertThat(headers.get("traceparent"))
        .matches("00-" + TRACE + "-[0-9a-f]{16}-00")
        .doesNotContain(PARENT);
    assertThat(headers.get("tracestate")).isEqualTo("vendor=opaque");
  }

  @Test
  void withoutOneItIsPartOfANewTrace() {
    engine.streams(StubEngine.answer());

    gateway.post(route, "/chat/completions", HELLO);

    assertThat(engine.only().headers().get("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }
}
