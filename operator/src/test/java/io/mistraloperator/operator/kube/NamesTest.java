package io.mistraloperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Names of children. */
class NamesTest {
  private static final String LONG = "a".repeat(62);

  @Test
  void areReadableWhereThereIsRoom() {
    assertThat(Names.engine("chat")).isEqualTo("chat-engine");
    assertThat(Names.keys("chat")).isEqualTo("chat-keys");
    assertThat(Names.pool("mistralnemo")).isEqualTo("pool-mistralnemo");
  }

  @Test
  @DisplayName("T-T3 of names of 63 characters are valid labels, and distinct")
  void areCutAndToldApart() {
    assertThat(Names.engine(LONG + "b")).hasSize(63).endsWith("-engine");
    assertThat(Names.engine(LONG + "b")).isNotEqualTo(Names.engine(LONG + "c"));
    assertThat(Names.pool("m".repeat(128))).hasSizeLessThanOrEqualTo(63).startsWith("pool-");
    assertThat(Names.engine(Names.pool("m".repeat(128)))).hasSizeLessThanOrEqualTo(63);
  }
}
