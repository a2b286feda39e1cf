package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Owner references between objects of one namespace. */
public final class OwnerReferences {
  private OwnerReferences() {}

  /** A reference that makes {@code owner} the controller. */
  public static OwnerReference controller(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  /**
   * References that keep an object as long as one of its owners is there; the first is the
   * controller.
   */
  public static List<OwnerReference> shared(List<? extends HasMetadata> owners) {
    return Stream.concat(
            Stream.of(controller(owners.getFirst())),
            owners.stream().skip(1).map(OwnerReferences::plain))
        .toList();
  }

  private static OwnerReference plain(HasMetadata owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.getApiVersion())
        .withKind(owner.getKind())
        .withName(owner.getMetadata().getName())
        .withUid(owner.getMetadata().getUid())
        .build();
  }

  /** The reference to the controller of {@code object}, if it has one. */
  public static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences().stream()
        .filter(reference -> Boolean.TRUE.equals(reference.getController()))
        .findFirst();
  }

  /** Whether {@code owner} is the controller of {@code object}. */
  public static boolean owns(HasMetadata owner, HasMetadata object) {
    return controllerOf(object)
        .map(reference -> reference.getUid().equals(owner.getMetadata().getUid()))
        .orElse(false);
  }
}
