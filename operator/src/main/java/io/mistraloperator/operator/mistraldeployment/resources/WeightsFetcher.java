package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.EnvVarSourceBuilder;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.fetch.Fetches;
import io.mistraloperator.operator.plan.EnginePlan;
import io.mistraloperator.operator.plan.Planner;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Tells the model fetcher what to fetch; the contract is in inference-image/README.md. */
final class WeightsFetcher {
  private static final String AWS = "https://s3.%s.amazonaws.com";

  private final EnginePlan plan;
  private final PodSettings settings;
  private final Map<String, EnvVar> variables = new TreeMap<>();

  private WeightsFetcher(EnginePlan plan, PodSettings settings) {
    this.plan = plan;
    this.settings = settings;
  }

  /** Makes a container a fetcher. */
  static void complete(ContainerBuilder container, EnginePlan plan, PodSettings settings) {
    container
        .withImage(settings.fetcherImage())
        .addNewPort()
        .withName(Fetches.PORT_NAME)
        .withContainerPort(Fetches.PORT)
        .withProtocol("TCP")
        .endPort()
        .withEnv(new WeightsFetcher(plan, settings).environment());
  }

  private List<EnvVar> environment() {
    set("FETCH_FOLDER", Planner.MODELS + plan.folder().map(name -> "/" + name).orElse(""));
    set("FETCH_PORT", Integer.toString(Fetches.PORT));
    set("FETCH_STALL_SECONDS", Integer.toString(settings.stallSeconds()));
    set("FETCH_ATTEMPTS", Integer.toString(settings.attempts()));
    ModelSource source = plan.source();
    if (source.url() != null) {
      url(source.url());
    } else if (source.huggingFace() != null) {
      huggingFace(source.huggingFace());
    } else {
      s3(source.s3());
    }
    return List.copyOf(variables.values());
  }

  private void url(ModelSource.Url url) {
    set("FETCH_SOURCE", "url");
    set("FETCH_URL", url.url());
    set("FETCH_FILE", plan.modelPath().substring(plan.modelPath().lastIndexOf('/') + 1));
    set("FETCH_SHA256", url.sha256());
  }

  private void huggingFace(ModelSource.HuggingFace hub) {
    set("FETCH_SOURCE", "huggingface");
    set("FETCH_ENDPOINT", Objects.requireNonNullElse(hub.endpoint(), "https://huggingface.co"));
    set("FETCH_REPOSITORY", hub.repository());
    set("FETCH_REVISION", Objects.requireNonNullElse(hub.revision(), "main"));
    set("FETCH_FILE", hub.file());
    set("FETCH_LAYOUT", hub.file() == null ? plan.layout() : null);
    if (hub.tokenSecretRef() != null) {
      var secret = hub.tokenSecretRef();
      set("FETCH_SECRET", secret.name());
      secret(
          "FETCH_TOKEN", secret.name(), Objects.requireNonNullElse(secret.key(), "token"), false);
    }
  }

  private void s3(ModelSource.S3 store) {
    String region = Objects.requireNonNullElse(store.region(), "us-east-1");
    set("FETCH_SOURCE", "s3");
    set("FETCH_ENDPOINT", Objects.requireNonNullElse(store.endpoint(), AWS.formatted(region)));
    set("FETCH_REGION", region);
    set("FETCH_BUCKET", store.bucket());
    set("FETCH_PREFIX", store.prefix());
    set("FETCH_FILE", store.file());
    set("FETCH_SHA256", store.sha256());
    set("FETCH_LAYOUT", store.file() == null ? plan.layout() : null);
    if (store.credentialsSecretRef() != null) {
      String name = store.credentialsSecretRef().name();
      set("FETCH_SECRET", name);
      secret("AWS_ACCESS_KEY_ID", name, "AWS_ACCESS_KEY_ID", false);
      secret("AWS_SECRET_ACCESS_KEY", name, "AWS_SECRET_ACCESS_KEY", false);
      secret("AWS_SESSION_TOKEN", name, "AWS_SESSION_TOKEN", true);
    }
  }

  private void set(String name, String value) {
    if (value != null) {
      variables.put(name, new EnvVarBuilder().withName(name).withValue(value).build());
    }
  }

  private void secret(String name, String secret, String key, boolean optional) {
    EnvVarSource source =
        new EnvVarSourceBuilder()
            .withNewSecretKeyRef()
            .withName(secret)
            .withKey(key)
            .withOptional(optional ? true : null)
            .endSecretKeyRef()
            .build();
    variables.put(name, new EnvVarBuilder().withName(name).withValueFrom(source).build());
  }
}
