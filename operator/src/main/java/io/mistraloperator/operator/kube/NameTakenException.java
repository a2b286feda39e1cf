package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** An object that the operator must make has a name that something else holds already. */
public final class NameTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean leftOver;

  private NameTakenException(String message, boolean leftOver) {
    super(message);
    this.leftOver = leftOver;
  }

  /** {@code existing} belongs to somebody other than the owner of {@code desired}. */
  public static NameTakenException by(HasMetadata existing, HasMetadata desired) {
    var holder = OwnerReferences.controllerOf(existing);
    var owner = OwnerReferences.controllerOf(desired);
    String what = existing.getKind() + " " + existing.getMetadata().getName();
    if (holder.isEmpty()) {
      return new NameTakenException(
          what
              + " exists already and is not the operator's: rename this object, or delete that "
              + existing.getKind(),
          false);
    }
    boolean leftOver =
        owner.isPresent()
            && holder.get().getKind().equals(owner.get().getKind())
            && holder.get().getName().equals(owner.get().getName());
    return leftOver
        ? new NameTakenException(
            what + " of an earlier " + holder.get().getKind() + " of this name is being removed",
            true)
        : new NameTakenException(
            what
                + " belongs to "
                + holder.get().getKind()
                + " "
                + holder.get().getName()
                + ": give one of the two another name",
            false);
  }

  /** Whether the holder is gone and its object only waits for the garbage collector. */
  public boolean leftOver() {
    return leftOver;
  }
}
