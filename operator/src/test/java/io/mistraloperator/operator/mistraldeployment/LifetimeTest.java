package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentSpec;
import io.mistraloperator.operator.kube.Conditions.Truth;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifetimeTest {
  private static final Lifetime LIFE = new Lifetime(Instant.parse("2026-01-08T00:00:00Z"));

  @ParameterizedTest(name = "at {0}: over {1}, soon {2}, next look in {3}")
  @DisplayName("A2.6 D2.26 a deployment is warned of its end a day before, and over with it")
  @CsvSource({
    "2026-01-01T00:00:00Z, false, False, PT144H0.001S",
    "2026-01-06T23:59:59Z, false, False, PT1.001S",
    "2026-01-07T00:00:00Z, false, True, PT24H0.001S",
    "2026-01-07T23:59:59Z, false, True, PT1.001S",
    "2026-01-08T00:00:00Z, true, True, PT1M",
    "2027-01-08T00:00:00Z, true, True, PT1M"
  })
  void endsInTime(Instant now, boolean over, Truth soon, Duration next) {
    assertThat(LIFE.isOver(now)).isEqualTo(over);
    assertThat(LIFE.finding(now, List.of()).truth()).isEqualTo(soon);
    assertThat(LIFE.untilNext(now)).isEqualTo(next);
  }

  @Test
  @DisplayName("D2.26 what was told of the end is not taken back by a clock that is put back")
  void warnsOnce() {
    var told =
        new Condition("2026-01-07T00:00:00Z", "", 1L, "ExpiresSoon", "True", Lifetime.EXPIRING);
    assertThat(LIFE.finding(Instant.parse("2026-01-02T00:00:00Z"), List.of(told)).isTrue())
        .isTrue();
  }

  @Test
  @DisplayName("A2.7 a deployment on its project's own quota has no end")
  void ownQuotaHasNoEnd() {
    var deployment = new MistralDeployment();
    deployment.setMetadata(
        new ObjectMetaBuilder().withCreationTimestamp("2026-01-01T00:00:00Z").build());
    deployment.setSpec(MistralDeploymentSpec.unexposed("m", "cpu", 1));
    assertThat(Lifetime.of(deployment, Optional.empty())).isEmpty();
  }
}
