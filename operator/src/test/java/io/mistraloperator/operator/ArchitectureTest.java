package io.mistraloperator.operator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Instant;

/** Which room may touch what. */
@AnalyzeClasses(packages = "io.mistraloperator.operator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "io.mistraloperator.operator.";
  private static final String[] KINDS = {
    ROOT + "mistraldeployment..", ROOT + "serverlessendpoint..", ROOT + "inferencequota.."
  };

  @ArchTest
  static final ArchRule pureRoomsKnowNoClientAndNoFramework =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "plan..",
              ROOT + "catalogue..",
              ROOT + "rollout..",
              ROOT + "traffic..",
              ROOT + "mistraldeployment.resources..")
          .or()
          .haveNameMatching(
              ".*\\.(DesiredState|StatusFactory|Planning|Sizing|Rollouts?|Pool|Names|Facts|Cores|Demand|Limits|Ledger|Shortage)")
          .or()
          .haveSimpleName("PodProblems")
          .or()
          .haveSimpleName("KeySecret")
          .or()
          .haveNameMatching(
              ".*\\.scaling\\.(Scal(er|ing|ingSettings)|Followed|Gateways|LoadReport|LoadHistory|Demands|Reading|Answer|Running)")
          .or()
          .haveNameMatching(".*\\.(ScalingVerdict|ScaleEvents|Lifetime|Verdict)")
          .or()
          .haveNameMatching(
              ".*\\.usage\\.(Amount|Meter|MeterFormat|ProjectUsage|Rate|Sightings?|UsageReport)")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.javaoperatorsdk..", "io.quarkus..", "jakarta..", "org.jboss..")
                  .or(
                      com.tngtech.archunit.base.DescribedPredicate.describe(
                          "the client", type -> type.isEquivalentTo(KubernetesClient.class))));

  @ArchTest
  static final ArchRule timeComesFromAClock =
      noClasses()
          .that()
          .resideInAPackage("io.mistraloperator.operator..")
          .and()
          .haveSimpleNameNotStartingWith("Producers")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule theCatalogueKnowsNobody =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "catalogue..", ROOT + "plan..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.mistraloperator.operator..")
                  .and(not(resideInAnyPackage(ROOT + "catalogue..", ROOT + "plan.."))));

  @ArchTest
  static final ArchRule reconcilersAreTheOnlyConductors =
      classes()
          .that()
          .implement(io.javaoperatorsdk.operator.api.reconciler.Reconciler.class)
          .should()
          .haveSimpleNameEndingWith("Reconciler")
          .andShould()
          .resideInAnyPackage(KINDS);

  @ArchTest
  static final ArchRule theKindsDoNotKnowEachOther =
      slices()
          .matching(ROOT + "(mistraldeployment|serverlessendpoint|inferencequota)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule nobodyWatchesButEventSources =
      noClasses()
          .that(not(simpleNameEndingWith("EventSources")))
          .and(not(simpleNameEndingWith("EventSource")))
          .and(not(simpleNameEndingWith("Reconciler")))
          .and()
          .haveSimpleNameNotEndingWith("Caches")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javaoperatorsdk.operator.processing.event.source..");

  @ArchTest
  static final ArchRule sharedRoomsDoNotKnowTheKinds =
      noClasses()
          .that()
          .resideInAnyPackage(
              ROOT + "kube..",
              ROOT + "route..",
              ROOT + "quota..",
              ROOT + "rollout..",
              ROOT + "scaling..",
              ROOT + "traffic..",
              ROOT + "usage..",
              ROOT + "keys..",
              ROOT + "tls..",
              ROOT + "diagnosis..",
              ROOT + "config..",
              ROOT + "health..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(KINDS);
}
