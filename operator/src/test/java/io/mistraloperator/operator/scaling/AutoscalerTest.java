package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.Leadership;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.scaling.LoadReport.EndpointLoad;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Several deployments whose load is followed at once. */
class AutoscalerTest {
  private static final OperatorConfig CONFIG =
      new SmallRyeConfigBuilder()
          .withMapping(OperatorConfig.class)
          .withDefaultValue("mistral.namespace", "platform")
          .build()
          .getConfigMapping(OperatorConfig.class);

  /** A Monday; the schedule that nobody can read is asked on Tuesdays. */
  private static final Instant START = Instant.parse("2026-01-05T12:00:00Z");

  private static final String UNREADABLE =
      "{days: [Tue], from: noon, to: '18:00', minInstances: 2}";

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final Autoscaler autoscaler =
      new Autoscaler(
          new TellingPoller(),
          new ScalingMeters(new SimpleMeterRegistry()),
          leading(),
          new Departed(),
          new Clock() {
            @Override
            public Instant instant() {
              return now.get();
            }

            @Override
            public ZoneOffset getZone() {
              return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
              return this;
            }
          });

  /** A gateway at which every endpoint has ten requests in flight. */
  private static final class TellingPoller extends LoadPoller {
    private TellingPoller() {
      super(new GatewayPods(null, CONFIG), CONFIG);
    }

    @Override
    List<Answer> ask() {
      var load = new EndpointLoad(10, 0, Optional.empty());
      return List.of(
          new Answer.Said(
              "gateway",
              new LoadReport(
                  START.minusSeconds(100),
                  Map.of("chat/one", load, "chat/odd", load, "chat/two", load))));
    }
  }

  @Test
  @DisplayName("a deployment whose schedule cannot be read stops no other")
  void oneThatFailsStopsNoOther() {
    Set<String> woken = new HashSet<>();
    autoscaler.onDecision((namespace, name) -> woken.add(name));
    follow("one", "");
    follow("odd", UNREADABLE);
    follow("two", "");
    now.set(START.plus(Duration.ofDays(1)));
    autoscaler.tick();
    assertThat(woken).containsExactlyInAnyOrder("one", "two");
  }

  private static Leadership leading() {
    var leadership = new Leadership(CONFIG);
    leadership.electionConfiguration().getLeaderCallbacks().orElseThrow().onStartLeading();
    return leadership;
  }

  private void follow(String name, String schedule) {
    var deployment =
        Serialization.unmarshal(
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            metadata: {name: %s, namespace: project, uid: uid-%s}
            spec:
              model: m
              instanceType: cpu
              autoscaling: {maxInstances: 5, targetInFlight: 1, schedules: [%s]}
            """
                .formatted(name, name, schedule),
            MistralDeployment.class);
    autoscaler.scaling(deployment, Optional.empty(), Optional.of(1));
    autoscaler.follow(deployment, Optional.of(new Running("chat/" + name, 1, 1)));
  }
}
