package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import java.util.List;

/** Whether a deployment has its cores. */
public sealed interface QuotaOutcome {
  /** It has them. */
  record Reserved(Demand demand) implements QuotaOutcome {}

  /**
   * It waits for them.
   *
   * @param shortage why
   * @param held what it has of before
   */
  record Short(Shortage shortage, List<Reservation> held) implements QuotaOutcome {}

  /** It is the platform's own, which no quota limits (row A2.1). */
  record Exempt() implements QuotaOutcome {}

  /** Nothing was asked for, since something else stands in the way. */
  record NotAsked() implements QuotaOutcome {}
}
