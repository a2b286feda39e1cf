package io.mistraloperator.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";

  private final Random random = new Random(5);

  private TraceContext of(String parent, String state) {
    return TraceContext.of(Optional.ofNullable(parent), Optional.ofNullable(state), random);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-" + SPAN + "-00",
        "00-" + TRACE + "-" + SPAN + "-01",
        "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-brings"
      })
  void aTraceOfTheClientGoesOn(String parent) {
    TraceContext context = of(parent, "vendor=opaque");

    assertThat(context.traceId()).isEqualTo(TRACE);
    assertThat(context.parentId()).contains(SPAN);
    assertThat(context.spanId()).matches("[0-9a-f]{16}").isNotEqualTo(SPAN);
    assertThat(context.headers())
        .containsEntry(
            "traceparent", "00-" + TRACE + "-" + context.spanId() + "-" + parent.substring(53, 55))
        .containsEntry("tracestate", "vendor=opaque");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-" + TRACE + "-" + SPAN,
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-0x"
      })
  void whatCannotBeReadBeginsANewTrace(String parent) {
    TraceContext context = of(parent, "vendor=opaque");

    assertThat(context.traceId()).matches("[0-9a-f]{32}").isNotEqualTo(TRACE);
    assertThat(context.parentId()).isEmpty();
    assertThat(context.headers())
        .containsEntry("traceparent", "00-" + context.traceId() + "-" + context.spanId() + "-01")
        .doesNotContainKey("tracestate");
  }

  @Test
  void everyRequestIsAPartOfItsOwn() {
    assertThat(of(null, null).traceId()).isNotEqualTo(of(null, null).traceId());
    String parent = "00-" + TRACE + "-" + SPAN + "-01";
    assertThat(of(parent, null).spanId()).isNotEqualTo(of(parent, null).spanId());
  }

  @Test
  void aStateThatIsTooLongIsLeftBehind() {
    TraceContext context = of("00-" + TRACE + "-" + SPAN + "-01", "x".repeat(513));

    assertThat(context.state()).isEmpty();
    assertThat(context.traceId()).isEqualTo(TRACE);
  }
}
