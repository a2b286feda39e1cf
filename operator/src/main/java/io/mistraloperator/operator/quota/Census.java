package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import java.util.List;

/** Counts what runs for a ledger that is opened anew. */
@FunctionalInterface
public interface Census {
  /** Cores of all instances that deployments have now whose account it is. */
  List<Reservation> running(Account account);
}
