package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** Labels of every object that the operator makes, and what can be read from them. */
public final class Labels {
  public static final String NAME = "app.kubernetes.io/name";
  public static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String PART_OF = "app.kubernetes.io/part-of";

  /** Value of {@link #MANAGED_BY} and field manager of every write. */
  public static final String OPERATOR = "mistral-operator";

  /** Value of {@link #COMPONENT} on engine pods and their Services. */
  public static final String ENGINE = "engine";

  /** Value of {@link #COMPONENT} on what applications use. */
  public static final String ENDPOINT = "endpoint";

  /** On pods whose claim of weights one node at a time may mount: the claim. */
  public static final String WEIGHTS_CLAIM = "mistraloperator.io/weights-claim";

  /** On engine pods: their machine type. */
  public static final String INSTANCE_TYPE = "mistraloperator.io/instance-type";

  /** On what holds the use of a project's deployments: the project. */
  public static final String USAGE_OF = "mistraloperator.io/usage-of";

  /** Selects what the operator made. */
  public static final String SELECTOR = MANAGED_BY + "=" + OPERATOR;

  private static final String OWNER = "mistraloperator.io/";
  private static final String KIND = OWNER + "kind";
  private static final String OWNER_NAME = OWNER + "name";
  private static final String OWNER_NAMESPACE = OWNER + "namespace";
  private static final String UID = OWNER + "uid";

  private Labels() {}

  /** Labels of a child; they name the owner, which also works across namespaces. */
  public static Map<String, String> of(HasMetadata owner, String component) {
    return of(Owner.of(owner), component);
  }

  /** Likewise, for an owner that is only named. */
  public static Map<String, String> of(Owner owner, String component) {
    Map<String, String> labels = new TreeMap<>();
    labels.put(NAME, "mistral-" + component);
    labels.put(INSTANCE, owner.name());
    labels.put(COMPONENT, component);
    labels.put(MANAGED_BY, OPERATOR);
    labels.put(PART_OF, "mistral");
    labels.put(KIND, owner.kind());
    labels.put(OWNER_NAME, owner.name());
    labels.put(OWNER_NAMESPACE, owner.namespace());
    labels.put(UID, owner.uid());
    return labels;
  }

  /** The fixed labels that select the engine pods of a deployment; they never change. */
  public static Map<String, String> enginePods(HasMetadata owner) {
    return new TreeMap<>(
        Map.of(
            NAME,
            "mistral-engine",
            INSTANCE,
            owner.getMetadata().getName(),
            COMPONENT,
            ENGINE,
            MANAGED_BY,
            OPERATOR));
  }

  /** A selector in the form of the API's query parameters. */
  public static String selector(Map<String, String> labels) {
    return String.join(
        ",",
        new TreeMap<>(labels)
            .entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()).toList());
  }

  /** Who owns a labelled object; empty when the labels do not say. */
  public static Optional<Owner> owner(HasMetadata object) {
    Map<String, String> labels =
        Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of());
    var owner =
        new Owner(
            labels.getOrDefault(KIND, ""),
            labels.getOrDefault(OWNER_NAMESPACE, ""),
            labels.getOrDefault(OWNER_NAME, ""),
            labels.getOrDefault(UID, ""));
    return owner.kind().isEmpty() || owner.name().isEmpty() ? Optional.empty() : Optional.of(owner);
  }

  /** The owner of an object. Components are empty where unknown, never {@code null}. */
  public record Owner(String kind, String namespace, String name, String uid) {
    /** The owner that {@code object} would be. */
    public static Owner of(HasMetadata object) {
      return new Owner(
          object.getKind(),
          object.getMetadata().getNamespace(),
          object.getMetadata().getName(),
          Objects.requireNonNullElse(object.getMetadata().getUid(), ""));
    }
  }
}
