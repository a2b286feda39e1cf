package io.mistraloperator.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.mistraloperator.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BASE = "io.mistraloperator.gateway";

  @ArchTest
  static final ArchRule importsGoOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(BASE + "..")
          .layer("boot")
          .definedBy(BASE + ".boot..")
          .layer("http")
          .definedBy(BASE + ".http..")
          .layer("exchange")
          .definedBy(BASE)
          .layer("route")
          .definedBy(BASE + ".route..")
          .layer("auth")
          .definedBy(BASE + ".auth..")
          .layer("dialect")
          .definedBy(BASE + ".dialect..")
          .layer("engine")
          .definedBy(BASE + ".engine..")
          .layer("balance")
          .definedBy(BASE + ".balance..")
          .layer("hold")
          .definedBy(BASE + ".hold..")
          .layer("observe")
          .definedBy(BASE + ".observe..")
          .layer("chat")
          .definedBy(BASE + ".chat..")
          .layer("json")
          .definedBy(BASE + ".json..")
          .whereLayer("boot")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("boot")
          .whereLayer("exchange")
          .mayOnlyBeAccessedByLayers("boot", "http")
          .whereLayer("auth")
          .mayOnlyBeAccessedByLayers("exchange", "boot")
          .whereLayer("engine")
          .mayOnlyBeAccessedByLayers("exchange", "boot")
          .whereLayer("balance")
          .mayOnlyBeAccessedByLayers("exchange", "boot")
          .whereLayer("dialect")
          .mayOnlyBeAccessedByLayers("exchange", "http")
          .whereLayer("route")
          .mayOnlyBeAccessedByLayers("exchange", "auth", "balance", "hold", "boot")
          .whereLayer("hold")
          .mayOnlyBeAccessedByLayers("exchange", "http", "boot")
          .whereLayer("observe")
          .mayOnlyBeAccessedByLayers("exchange", "boot");

  @ArchTest
  static final ArchRule onlyListenersKnowTheHttpServer =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + ".http..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.http.HttpServerRequest")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.http.HttpServerResponse")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.vertx.core.http.HttpServer");

  @ArchTest
  static final ArchRule onlyTheProgramKnowsQuarkus =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + ".boot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..");

  @ArchTest
  static final ArchRule onlyObservationKnowsOpenTelemetry =
      noClasses()
          .that()
          .resideOutsideOfPackage(BASE + ".observe..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule onlyRoutesKnowTheCluster =
      noClasses()
          .that()
          .resideOutsideOfPackages(BASE + ".route..", BASE + ".boot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.fabric8..");

  @ArchTest
  static final ArchRule rulesArePure =
      classes()
          .that()
          .resideInAnyPackage(BASE + ".dialect.rule..", BASE + ".chat..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.fasterxml.jackson..",
              "io.mistraloperator.api..",
              BASE + ".json..",
              BASE + ".chat..",
              BASE + ".dialect.rule..");
}
