package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import java.util.List;

/** Counts what runs in a project whose ledger is opened anew. */
@FunctionalInterface
public interface Census {
  /** Cores of all instances that deployments of the project have now. */
  List<Reservation> running(String project);
}
