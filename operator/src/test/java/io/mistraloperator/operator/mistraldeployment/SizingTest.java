package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.PlanStatus;
import io.mistraloperator.operator.catalogue.Catalogue;
import io.mistraloperator.operator.kube.OwnerReferences;
import io.mistraloperator.operator.mistraldeployment.Decision.Run;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.quota.Shortage;
import io.mistraloperator.operator.scaling.Scaling;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What runs within the cores that a deployment has: it wants 5 instances of 10 cores of "new". */
class SizingTest {
  private static final RunningPlan OLD = plan("old", 4);
  private static final RunningPlan NEW = plan("new", 10);
  private static final Run RUN = new Run(NEW, null);
  private static final MistralDeployment OWNER = owner("uid-1");

  @Test
  void allThatIsWantedWithQuotaOrWithoutNeedOfIt() {
    assertThat(sizing(new QuotaOutcome.Exempt(), Optional.empty())).contains(new Sizing(NEW, 5));
    assertThat(
            sizing(
                new QuotaOutcome.Reserved(
                    Sizing.demand(
                        OWNER, RUN, observation(catalogue(), Optional.empty()), "platform")),
                Optional.of(engine(OWNER))))
        .contains(new Sizing(NEW, 5));
  }

  @Test
  void nothingNewWithoutQuota() {
    assertThat(sizing(outOfQuota(), Optional.empty())).isEmpty();
    assertThat(sizing(outOfQuota(), Optional.of(engine(owner("uid-2")))))
        .as("beside the engine of another")
        .isEmpty();
  }

  @Test
  @DisplayName("T-Q5 the newest plan at the size that is reserved, on the same machines")
  void newPlanAtTheOldSize() {
    assertThat(sizing(outOfQuota(held("new", 2, 30)), Optional.of(engine(OWNER))))
        .contains(new Sizing(NEW, 2));
    assertThat(sizing(outOfQuota(held("new", 2, 30)), Optional.empty()))
        .as("reserved, and not made yet")
        .contains(new Sizing(NEW, 2));
  }

  @Test
  @DisplayName("T-Q7 the old plan goes on where the new one needs other machines")
  void oldPlanOnItsMachines() {
    assertThat(sizing(outOfQuota(held("old", 3, 16)), Optional.of(engine(OWNER))))
        .contains(new Sizing(OLD, 3));
  }

  @Test
  @DisplayName("T-Q10 what was made by hand without cores does not run")
  void nothingWithoutCores() {
    assertThat(sizing(outOfQuota(), Optional.of(engine(OWNER)))).contains(new Sizing(OLD, 0));
    var bare = engine(OWNER);
    bare.getMetadata().getAnnotations().remove(RunningPlan.SPEC);
    assertThat(sizing(outOfQuota(), Optional.of(bare))).contains(new Sizing(NEW, 0));
  }

  @Test
  @DisplayName("T-Q7 what runs keeps its cores, and nothing else does")
  void keepsWhatItRuns() {
    var demand = Sizing.demand(OWNER, RUN, observation(catalogue(), Optional.empty()), "platform");
    var sizing = new Sizing(OLD, 3);
    assertThat(sizing.kept(new QuotaOutcome.Reserved(demand))).contains(demand);
    assertThat(sizing.kept(new QuotaOutcome.Exempt())).isEmpty();
    assertThat(sizing.kept(outOfQuota(held("old", 3, 16), held("older", 1, 2))).orElseThrow())
        .as("the old plan")
        .returns("old", wanted -> wanted.family())
        .returns(16, wanted -> wanted.cores());
    assertThat(new Sizing(NEW, 2).kept(outOfQuota(held("new", 2, 30))).orElseThrow())
        .as("the new plan, as large as the catalogue says")
        .returns("new", wanted -> wanted.family())
        .returns(30, wanted -> wanted.cores());
  }

  @Test
  void theCatalogueSaysHowBigMachinesAre() {
    var run = new Run(plan("tampered", 1), null);
    assertThat(Sizing.demand(OWNER, run, observation(catalogue(), Optional.empty()), "platform"))
        .returns("new", demand -> demand.family())
        .returns(60, demand -> demand.cores());
    assertThat(
            Sizing.demand(
                OWNER,
                run,
                observation(Catalogue.of(List.of(), List.of()), Optional.empty()),
                "platform"))
        .as("of a type that is there no more")
        .returns("tampered", demand -> demand.family())
        .returns(6, demand -> demand.cores());
  }

  private static Optional<Sizing> sizing(QuotaOutcome outcome, Optional<Deployment> engine) {
    return Sizing.of(OWNER, observation(catalogue(), engine), RUN, outcome);
  }

  private static Observation observation(Catalogue catalogue, Optional<Deployment> engine) {
    return new Observation(
        catalogue,
        engine,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        0,
        Scaling.fixed(5),
        List.of());
  }

  private static QuotaOutcome outOfQuota(Reservation... held) {
    var demand = Sizing.demand(OWNER, RUN, observation(catalogue(), Optional.empty()), "platform");
    return new QuotaOutcome.Short(new Shortage(demand, 0, 0, 0), List.of(held));
  }

  private static Reservation held(String family, int instances, int cores) {
    return new Reservation("MistralDeployment", "chat", null, "uid-1", family, instances, cores);
  }

  private static RunningPlan plan(String family, int cores) {
    return new RunningPlan(
        "hash-" + family,
        new PlanStatus(
            Engine.VLLM,
            "image",
            "M",
            null,
            "BF16",
            "somewhere",
            4096,
            1,
            1,
            "fits",
            60,
            family,
            cores,
            null,
            null),
        new PodTemplateSpec());
  }

  private static Deployment engine(MistralDeployment owner) {
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName("chat-engine")
        .addToAnnotations(OLD.annotations())
        .withOwnerReferences(OwnerReferences.controller(owner))
        .endMetadata()
        .build();
  }

  private static MistralDeployment owner(String uid) {
    var owner =
        Serialization.unmarshal(
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            spec: {model: M, instanceType: type}
            """,
            MistralDeployment.class);
    owner.setMetadata(
        new ObjectMetaBuilder().withName("chat").withNamespace("team").withUid(uid).build());
    return owner;
  }

  private static Catalogue catalogue() {
    return Catalogue.of(
        List.of(),
        List.of(
            Serialization.unmarshal(
                """
                apiVersion: mistraloperator.io/v1alpha1
                kind: InstanceType
                metadata: {name: type}
                spec: {family: new, cores: 10, memory: 1Gi}
                """,
                InstanceType.class)));
  }
}
