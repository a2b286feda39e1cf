package io.mistraloperator.api.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.ServerlessEndpoint;
import java.util.List;

/** The kinds of the API. */
public final class Kinds {
  /** Every kind. */
  public static final List<Class<? extends HasMetadata>> ALL =
      List.of(
          MistralDeployment.class,
          ServerlessEndpoint.class,
          InferenceQuota.class,
          MistralModel.class,
          InstanceType.class,
          InferenceRoute.class);

  private Kinds() {}
}
