package io.mistraloperator.operator.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.operator.sweep.Duties.Duty;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DutiesTest {
  private final List<String> done = new ArrayList<>();
  private Instant now = Instant.EPOCH;
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @Test
  @DisplayName("A duty that fails is tried again and keeps none of the others from being done")
  void oneThatFailsStopsNoOther() {
    var duties =
        new Duties(
            clock,
            List.of(
                new Duty("always", Duration.ZERO, () -> done.add("always")),
                new Duty("fails", Duration.ZERO, () -> fail("fails")),
                new Duty("fails seldom", Duration.ofMinutes(5), () -> fail("fails seldom")),
                new Duty("seldom", Duration.ofMinutes(5), () -> done.add("seldom"))));
    assertThat(tick(duties, Duration.ZERO))
        .containsExactly("always", "fails", "fails seldom", "seldom");
    assertThat(tick(duties, Duration.ofSeconds(1)))
        .containsExactly("always", "fails", "fails seldom");
    assertThat(tick(duties, Duration.ofMinutes(5)))
        .containsExactly("always", "fails", "fails seldom", "seldom");
  }

  private List<String> tick(Duties duties, Duration later) {
    done.clear();
    now = now.plus(later);
    duties.tick();
    return done;
  }

  private void fail(String name) {
    done.add(name);
    throw new KubernetesClientException("refused");
  }
}
