package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.mistraloperator.api.AutoscalingStatus;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.scaling.Scaling;
import io.mistraloperator.operator.scaling.Scaling.Automatic;
import io.mistraloperator.operator.scaling.Scaling.Bounds;
import io.mistraloperator.operator.scaling.Scaling.Observed;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What facts say of instances that do not come up, beside others that answer and alone. */
class FactsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final FetchStatus SLOW =
      new FetchStatus(
          "chat-2",
          Phase.Fetching,
          "1 MiB of 9 MiB",
          1L << 20,
          9L << 20,
          null,
          null,
          null,
          true,
          START.toString());

  @ParameterizedTest(name = "after {0} s: {1}")
  @DisplayName("T-S4, D2.24 an instance without a node needs a person after the time of a start")
  @CsvSource({"0, false", "899, false", "900, true", "90000, true"})
  void lackOfANodeIsAFailureInTheEnd(int seconds, boolean needsPerson) {
    var facts = facts(2, List.of(homeless()), Optional.empty(), START.plusSeconds(seconds));
    assertThat(facts.problem())
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .returns(Problem.Reason.Unschedulable, Problem::reason)
                    .returns(needsPerson, Problem::needsPerson));
  }

  @Test
  @DisplayName("T-S4 with a node nothing is wrong any more")
  void aNodeEndsTheFailure() {
    var placed =
        new PodBuilder(homeless())
            .editStatus()
            .editFirstCondition()
            .withStatus("True")
            .withReason(null)
            .endCondition()
            .endStatus()
            .build();
    assertThat(facts(2, List.of(placed), Optional.empty(), START.plusSeconds(90_000)).problem())
        .isEmpty();
  }

  @Test
  @DisplayName("T-M10 a slow fetch is told in Progressing while other instances answer")
  void fetchBesideAnInstanceThatAnswers() {
    var facts = facts(2, List.of(), Optional.of(SLOW), START);
    var progress = ProgressFinding.of(facts, facts.progress());
    assertThat(progress.isTrue()).isTrue();
    assertThat(progress.message())
        .startsWith("1 of 2 instances run the newest spec, 1 answer")
        .contains("; the weights come slowly: 1 MiB of 9 MiB");
  }

  @Test
  @DisplayName("T-M10 a fetch is told in Active while requests wait for the first instance")
  void fetchAtAWake() {
    var facts = facts(0, List.of(), Optional.of(SLOW), START);
    var before =
        new ConditionBuilder().withType("Active").withStatus("False").withReason("Waking").build();
    var conditions = new Conditions(List.of(before), 1, Clock.fixed(START, ZoneOffset.UTC));
    ScalingVerdict.of(facts, facts.progress(), List.of(before)).orElseThrow().addTo(conditions);
    assertThat(Conditions.find(conditions.list(), "Active"))
        .map(Condition::getMessage)
        .hasValueSatisfying(
            words -> assertThat(words).contains("requests are held", "; the weights come slowly"));
  }

  private static Facts facts(int ready, List<Pod> pods, Optional<FetchStatus> fetch, Instant now) {
    int answer = Math.min(ready, 1);
    return new Facts(
        new Decision.Run(null, null),
        new QuotaOutcome.Exempt(),
        new EndpointOutcome.Waiting(),
        Optional.empty(),
        Optional.of(engine(answer)),
        pods,
        answer,
        Map.of(),
        new Scaling(
            2,
            Optional.of(
                new Automatic(
                    new AutoscalingStatus(2, 2, 1, 1, AutoscalingStatus.Reason.Load, null, null),
                    new Bounds(0, 3),
                    new Observed.Current()))),
        fetch,
        Optional.empty(),
        Optional.empty(),
        now);
  }

  private static Deployment engine(int ready) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("chat-engine")
        .withGeneration(2L)
        .endMetadata()
        .withNewSpec()
        .withReplicas(2)
        .withProgressDeadlineSeconds(900)
        .endSpec()
        .withNewStatus()
        .withObservedGeneration(2L)
        .withReplicas(2)
        .withUpdatedReplicas(1)
        .withReadyReplicas(ready)
        .addNewCondition()
        .withType("Progressing")
        .withStatus("True")
        .withReason("NewReplicaSetAvailable")
        .endCondition()
        .endStatus()
        .build();
  }

  private static Pod homeless() {
    return new PodBuilder()
        .withNewMetadata()
        .withName("chat-2")
        .withUid("uid-2")
        .withCreationTimestamp(START.toString())
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("PodScheduled")
        .withStatus("False")
        .withReason("Unschedulable")
        .withMessage("0/1 nodes are available: 1 Insufficient cpu.")
        .withLastTransitionTime(START.toString())
        .endCondition()
        .endStatus()
        .build();
  }
}
