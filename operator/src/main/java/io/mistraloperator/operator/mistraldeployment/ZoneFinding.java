package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.scaling.Autoscaler;
import java.util.Optional;

/** Says in a condition that the hours of a schedule count otherwise than they are meant. */
final class ZoneFinding {
  /** Type of the condition. */
  static final String TIME_ZONE_UNKNOWN = "TimeZoneUnknown";

  /** Reasons of the condition. */
  enum Reason {
    UnknownTimeZone
  }

  private ZoneFinding() {}

  /** The condition; empty where every time zone is known. */
  static Optional<Finding> of(MistralDeployment deployment) {
    var unknown = Autoscaler.unknownZones(deployment);
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                Truth.True,
                Reason.UnknownTimeZone,
                "spec.autoscaling.schedules: there is no time zone %s here; these hours count in UTC until timeZone is one of the IANA database, for instance Europe/Paris"
                    .formatted(String.join(", ", unknown))));
  }
}
