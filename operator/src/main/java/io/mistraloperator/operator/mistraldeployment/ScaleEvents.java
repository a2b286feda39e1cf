package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.AutoscalingStatus;
import io.mistraloperator.operator.kube.Happening;
import java.util.Optional;

/** Tells each decision about the number of instances once. */
final class ScaleEvents {
  /** Reasons of events. */
  enum Reason {
    ScaledUp,
    ScaledDown
  }

  private ScaleEvents() {}

  /** What is to be told between two statuses. */
  static Optional<Happening> between(
      Optional<AutoscalingStatus> before, Optional<AutoscalingStatus> after) {
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    int from = before.get().desired();
    var status = after.get();
    int to = status.desired();
    return from == to
        ? Optional.empty()
        : Optional.of(
            new Happening(
                false,
                (to > from ? Reason.ScaledUp : Reason.ScaledDown).name(),
                "from %d to %d instances (%s): in flight or held %d, one instance should have %d"
                    .formatted(from, to, status.reason(), status.load(), status.target()),
                String.join("|", "scale", status.lastScaleTime(), from + ">" + to)));
  }
}
