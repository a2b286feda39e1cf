package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralDeploymentSpec;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.ServerlessOffer;
import io.mistraloperator.operator.catalogue.ModelNames;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Names;
import java.util.Map;

/** The instances behind all serverless endpoints of a model: a deployment of the platform's own. */
public final class Pool {
  /** Value of {@link Labels#COMPONENT}. */
  public static final String COMPONENT = "pool";

  private Pool() {}

  /** Name of the pool of a model. */
  static String name(Model model) {
    return Names.pool(ModelNames.normalise(model.id()));
  }

  /** The pool that the catalogue's offer describes. */
  static MistralDeployment of(Model model, ServerlessOffer offer, String platform) {
    var pool = new MistralDeployment();
    pool.setMetadata(
        new ObjectMetaBuilder()
            .withName(name(model))
            .withNamespace(platform)
            .withLabels(
                Map.of(
                    Labels.NAME,
                    "mistral-pool",
                    Labels.COMPONENT,
                    COMPONENT,
                    Labels.MANAGED_BY,
                    Labels.OPERATOR,
                    Labels.PART_OF,
                    "mistral"))
            .build());
    pool.setSpec(
        new MistralDeploymentSpec(
            model.id(),
            null,
            false,
            offer.instanceType(),
            offer.instances(),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return pool;
  }
}
