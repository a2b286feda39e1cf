package io.mistraloperator.operator.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.quota.Account;
import io.mistraloperator.operator.quota.Demand;
import io.mistraloperator.operator.quota.QuotaBook;
import io.mistraloperator.operator.quota.QuotaMeters;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Passes that end after their deployment, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class QuotaDepartureFlowTest {
  private static final Set<String> CPU = Set.of("late");

  private final ApiServer server;
  private final String project;
  private final QuotaBook quotas;

  QuotaDepartureFlowTest(ApiServer server) {
    this.server = server;
    this.project = server.newNamespace();
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(OperatorConfig.class)
            .withDefaultValue("mistral.namespace", server.newNamespace())
            .build()
            .getConfigMapping(OperatorConfig.class);
    this.quotas =
        new QuotaBook(
            server.client(),
            config,
            account -> List.of(),
            new QuotaMeters(new SimpleMeterRegistry()),
            new Departed(),
            Clock.systemUTC());
  }

  @Test
  @DisplayName("T-Q7 a pass that is under way when its deployment goes reserves nothing after that")
  void reservesNothingForWhatIsGone() {
    var gone = deployment();
    var demand =
        new Demand(Labels.Owner.of(gone), new Account(project, InferenceQuota.NAME), "late", 2, 1);
    assertThat(quotas.reserve(demand, CPU)).isEqualTo(new QuotaOutcome.Reserved(demand));
    assertThat(ledger()).isNotNull();
    new QuotaSweep(server.client(), quotas).release(gone);
    assertThat(ledger()).isNull();
    assertThat(quotas.reserve(demand, CPU)).isInstanceOf(QuotaOutcome.Short.class);
    assertThat(quotas.reserveUpTo(demand, CPU)).isInstanceOf(QuotaOutcome.Short.class);
    assertThat(ledger()).isNull();
  }

  private InferenceQuota ledger() {
    return server
        .client()
        .resources(InferenceQuota.class)
        .inNamespace(project)
        .withName(InferenceQuota.NAME)
        .get();
  }

  private MistralDeployment deployment() {
    var deployment =
        Serialization.unmarshal(
            """
            apiVersion: mistraloperator.io/v1alpha1
            kind: MistralDeployment
            spec: {model: M, instanceType: type}
            """,
            MistralDeployment.class);
    deployment.setMetadata(
        new ObjectMetaBuilder().withName("late").withNamespace(project).withUid("uid").build());
    return deployment;
  }
}
