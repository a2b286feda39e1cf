package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.operator.kube.Labels;

/**
 * What one deployment wants.
 *
 * @param holder the deployment
 * @param account whose cores it uses
 * @param family family of its machine type
 * @param perInstance cores of one instance
 * @param instances instances wanted, from 0
 */
public record Demand(
    Labels.Owner holder, Account account, String family, int perInstance, int instances) {
  /** Cores that it needs (row D2.22). */
  public int cores() {
    return Cores.needed(instances, perInstance);
  }

  /** The same for another number of instances. */
  public Demand ofInstances(int other) {
    return new Demand(holder, account, family, perInstance, other);
  }

  /** How the cores come about, for people. */
  public String arithmetic() {
    return Cores.arithmetic(instances, perInstance);
  }

  /** Whether a reservation is one of instances of this size. */
  public boolean sameSize(Reservation reservation) {
    return reservation.family().equals(family)
        && reservation.cores() == Cores.needed(reservation.instances(), perInstance);
  }

  /** The entry of a ledger. */
  public Reservation reservation() {
    return new Reservation(
        holder.kind(),
        holder.name(),
        account.isShared() ? holder.namespace() : null,
        holder.uid(),
        family,
        instances,
        cores());
  }
}
