package io.mistraloperator.operator.quota;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.InferenceQuotaStatus.Usage;
import io.mistraloperator.operator.kube.Conditions;
import io.mistraloperator.operator.kube.Conditions.Truth;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the status of a quota from its ledger. */
final class StatusFactory {
  private static final int SUMMARY_LIMIT = 4000;

  /** Reasons of {@code WithinLimits}. */
  enum Reason {
    WithinLimits,
    OverLimit,
    NotInForce
  }

  private final Clock clock;

  StatusFactory(Clock clock) {
    this.clock = clock;
  }

  InferenceQuotaStatus status(InferenceQuota quota, Ledger ledger, Limits limits) {
    long generation = quota.getMetadata().getGeneration();
    List<Usage> families = families(ledger, limits);
    List<Usage> over = families.stream().filter(row -> row.used() > row.limit()).toList();
    var conditions = new Conditions(before(quota), generation, clock);
    conditions.add(
        "WithinLimits",
        Truth.of(over.isEmpty()),
        over.isEmpty() ? Reason.WithinLimits : Reason.OverLimit,
        over.isEmpty()
            ? "no more is used than allowed"
            : "more is used than allowed: "
                + summary(over)
                + ". What runs goes on; nothing more starts in these families until less is used or more allowed");
    return new InferenceQuotaStatus(
        generation,
        conditions.list(),
        summary(families),
        families,
        ledger.reservations(),
        ledger.waiting(),
        ledger.waiting().size());
  }

  /** The status of one that nobody asks, since it is not where it would count. */
  InferenceQuotaStatus notInForce(InferenceQuota quota, String platform) {
    long generation = quota.getMetadata().getGeneration();
    var conditions = new Conditions(before(quota), generation, clock);
    conditions.add(
        "WithinLimits",
        Truth.Unknown,
        Reason.NotInForce,
        "a quota named %s counts in namespace %s alone: delete it, or name it %s to limit this project"
            .formatted(InferenceQuota.SHARED, platform, InferenceQuota.NAME));
    return new InferenceQuotaStatus(
        generation, conditions.list(), "not in force", List.of(), List.of(), List.of(), 0);
  }

  private static List<Condition> before(InferenceQuota quota) {
    return Optional.ofNullable(quota.getStatus())
        .flatMap(status -> Optional.ofNullable(status.conditions()))
        .orElse(List.of());
  }

  /** Families that have a limit of their own, or that somebody has or wants. */
  private static List<Usage> families(Ledger ledger, Limits limits) {
    Set<String> names = new TreeSet<>(limits.listed().keySet());
    names.addAll(limits.defaults().keySet());
    Stream.of(ledger.reservations(), ledger.waiting())
        .flatMap(List::stream)
        .map(Reservation::family)
        .forEach(names::add);
    return names.stream()
        .filter(name -> limits.of(name) != Limits.UNLIMITED)
        .map(name -> new Usage(name, ledger.used(name), limits.of(name)))
        .toList();
  }

  private static String summary(List<Usage> families) {
    String text =
        families.stream()
            .map(row -> row.name() + " " + row.used() + "/" + row.limit())
            .collect(Collectors.joining(", "));
    return text.length() <= SUMMARY_LIMIT ? text : text.substring(0, SUMMARY_LIMIT) + "…";
  }
}
