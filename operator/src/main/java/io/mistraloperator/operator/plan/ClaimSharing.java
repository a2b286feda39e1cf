package io.mistraloperator.operator.plan;

import java.util.List;
import java.util.Optional;

/** What the access modes of a claim mean for the instances that mount it (T-M6). */
public enum ClaimSharing {
  /** Instances run anywhere. */
  AnyNode,
  /** A second node would wait for the volume for ever: all instances run on one. */
  OneNode,
  /** A second instance would wait for the volume for ever, and every update needs one. */
  OnePod;

  /**
   * Of a claim's access modes.
   *
   * @param modes access modes in Kubernetes' words; empty for a claim that is not there yet, which
   *     is taken for one of a single node
   */
  public static ClaimSharing of(Optional<List<String>> modes) {
    List<String> known = modes.orElse(List.of());
    if (known.contains("ReadWriteMany") || known.contains("ReadOnlyMany")) {
      return AnyNode;
    }
    return known.equals(List.of("ReadWriteOncePod")) ? OnePod : OneNode;
  }

  /** What follows for the instances. */
  public String words() {
    return switch (this) {
      case AnyNode -> "instances run on any node";
      case OneNode -> "one node at a time may mount it, so all instances run on one node";
      case OnePod -> "one pod at a time may mount it";
    };
  }
}
