package io.mistraloperator.operator.quota;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Turns;
import io.mistraloperator.operator.quota.QuotaOutcome.Exempt;
import io.mistraloperator.operator.quota.QuotaOutcome.Reserved;
import io.mistraloperator.operator.quota.QuotaOutcome.Short;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The ledgers of all accounts. Each change starts from the newest known version of the object and
 * is an update that holds for that version only; passes over one ledger take turns, so that they do
 * not keep each other from coming through. What was written last is remembered, so that a pass that
 * changes nothing calls nobody.
 */
@Singleton
public class QuotaBook {
  private final QuotaObjects objects;
  private final OperatorConfig config;
  private final Census census;
  private final QuotaMeters meters;
  private final StatusFactory statusFactory;
  private final Map<Account, Optional<InferenceQuota>> newest = new ConcurrentHashMap<>();
  private final Turns<Account> turns = new Turns<>();
  private final Departed departed;
  private volatile BiConsumer<String, String> wake = (namespace, name) -> {};

  public QuotaBook(
      KubernetesClient client,
      OperatorConfig config,
      Census census,
      QuotaMeters meters,
      Departed departed,
      Clock clock) {
    this.objects = new QuotaObjects(client);
    this.config = config;
    this.census = census;
    this.meters = meters;
    this.departed = departed;
    this.statusFactory = new StatusFactory(clock);
  }

  /** A ledger before and after a change, and the limits that held. */
  private record Change(Ledger before, Ledger after, Limits limits) {}

  /**
   * Tells who is to be called, by namespace and name, for a deployment in the queue when it may
   * have its cores or when the numbers have changed that it tells.
   */
  public void onChange(BiConsumer<String, String> listener) {
    wake = listener;
  }

  /**
   * Reserves what a deployment wants; what it holds beyond that stays until {@link #trim}. A demand
   * that does not fit waits.
   *
   * @param cpuFamilies families of machines without GPUs
   */
  public QuotaOutcome reserve(Demand demand, Set<String> cpuFamilies) {
    return reserve(demand, cpuFamilies, (ledger, limits) -> ledger.ask(demand, limits));
  }

  /**
   * Reserves for as many of the instances as fit; the whole demand waits if those are not all.
   *
   * @param cpuFamilies families of machines without GPUs
   */
  public QuotaOutcome reserveUpTo(Demand demand, Set<String> cpuFamilies) {
    return reserve(demand, cpuFamilies, (ledger, limits) -> ledger.askUpTo(demand, limits));
  }

  private QuotaOutcome reserve(
      Demand demand, Set<String> cpuFamilies, BiFunction<Ledger, Limits, Ledger> ask) {
    var holder = demand.holder();
    return change(
            demand.account(),
            holder.uid(),
            true,
            cpuFamilies,
            // A pass that was under way when its deployment went must not reserve after that.
            (ledger, limits) ->
                departed.contains(holder.uid()) ? ledger : ask.apply(ledger, limits))
        .map(change -> outcome(demand, change))
        .orElseGet(
            () ->
                demand.account().isShared()
                    ? new Short(Shortage.ofNothing(demand), List.of())
                    : new Exempt());
  }

  private QuotaOutcome outcome(Demand demand, Change change) {
    if (change.after().covers(demand)) {
      return new Reserved(demand);
    }
    if (!change.before().awaits(demand)) {
      meters.denied(demand);
    }
    return new Short(
        Shortage.of(demand, change.after(), change.limits()),
        change.after().heldBy(demand.holder().uid()));
  }

  /** Gives back what a deployment holds beyond a demand that was reserved and carried out. */
  public void trim(Demand demand, Set<String> cpuFamilies) {
    change(
        demand.account(),
        demand.holder().uid(),
        false,
        cpuFamilies,
        (ledger, limits) -> ledger.trim(demand, limits));
  }

  /** Takes a deployment out of the queue; what runs keeps its cores. */
  public void withdraw(MistralDeployment holder, Set<String> cpuFamilies) {
    String uid = holder.getMetadata().getUid();
    change(
        Account.of(holder, config.namespace()),
        uid,
        false,
        cpuFamilies,
        (ledger, limits) -> ledger.withdraw(uid));
  }

  /** Gives back all that a deployment has which is gone, and takes nothing more for it. */
  public void depart(MistralDeployment gone, Set<String> cpuFamilies) {
    depart(Account.of(gone, config.namespace()), gone.getMetadata().getUid(), cpuFamilies);
  }

  /** Gives back all that a holder has which is gone, and takes nothing more for it. */
  public void depart(Account account, String uid, Set<String> cpuFamilies) {
    departed.add(uid);
    release(account, uid, cpuFamilies);
  }

  /** Gives back all that a deployment has which is there. */
  public void release(MistralDeployment holder, Set<String> cpuFamilies) {
    release(Account.of(holder, config.namespace()), holder.getMetadata().getUid(), cpuFamilies);
  }

  private void release(Account account, String uid, Set<String> cpuFamilies) {
    change(account, uid, false, cpuFamilies, (ledger, limits) -> ledger.release(uid, limits));
  }

  /** Carries out what the platform has written. */
  public void refresh(InferenceQuota quota, Set<String> cpuFamilies) {
    var account = Account.of(quota);
    if (account.isShared() && !account.namespace().equals(config.namespace())) {
      var status = statusFactory.notInForce(quota, config.namespace());
      if (!status.equals(quota.getStatus())) {
        objects.write(quota, status);
      }
      return;
    }
    remember(account, quota);
    change(account, "", false, cpuFamilies, Ledger::settle);
  }

  /**
   * A quota was deleted. Unless the operator did that itself, whoever is in its ledger asks again,
   * and the ledger is opened anew with what runs.
   */
  public void lost(InferenceQuota gone) {
    var account = Account.of(gone);
    var known = newest.get(account);
    if (known != null && known.filter(quota -> isSame(quota, gone)).isEmpty()) {
      return;
    }
    newest.remove(account);
    meters.forget(account);
    Ledger.of(gone).stream()
        .flatMap(ledger -> Stream.of(ledger.waiting(), ledger.reservations()))
        .flatMap(List::stream)
        .forEach(entry -> wake(account, entry));
  }

  private void wake(Account account, Reservation entry) {
    wake.accept(Objects.requireNonNullElse(entry.project(), account.namespace()), entry.name());
  }

  private Optional<Change> change(
      Account account,
      String asker,
      boolean open,
      Set<String> cpuFamilies,
      BiFunction<Ledger, Limits, Ledger> step) {
    return turns.take(
        account,
        () -> attempt(account, asker, open, cpuFamilies, step),
        () -> newest.remove(account));
  }

  private Optional<Change> attempt(
      Account account,
      String asker,
      boolean open,
      Set<String> cpuFamilies,
      BiFunction<Ledger, Limits, Ledger> step) {
    var known = newest.get(account);
    if (known == null) {
      known = objects.read(account);
      newest.put(account, known);
    }
    // The platform's own namespace has limits, and shares, only where the platform has written
    // some.
    boolean make = open && !account.namespace().equals(config.namespace());
    if (known.isEmpty() && !make) {
      return Optional.empty();
    }
    var quota = known.isPresent() ? known.get() : objects.make(account.namespace());
    var limits = Limits.of(quota, config, cpuFamilies);
    var before = Ledger.of(quota).orElseGet(() -> new Ledger(census.running(account), List.of()));
    var after = step.apply(before, limits);
    if (after.isEmpty() && QuotaObjects.isOurs(quota)) {
      objects.delete(quota);
      newest.put(account, Optional.empty());
      meters.forget(account);
    } else {
      write(quota, before, after, limits, asker);
    }
    return Optional.of(new Change(before, after, limits));
  }

  private void write(
      InferenceQuota quota, Ledger before, Ledger after, Limits limits, String asker) {
    var account = Account.of(quota);
    var status = statusFactory.status(quota, after, limits);
    meters.usage(account, status.families());
    var old = quota.getStatus();
    if (status.equals(old)) {
      newest.put(account, Optional.of(quota));
      return;
    }
    newest.put(account, Optional.of(objects.write(quota, status)));
    boolean concerning =
        old == null
            || !status.reservations().equals(old.reservations())
            || !status.families().equals(old.families());
    if (concerning) {
      before.waiting().stream()
          .filter(entry -> !entry.uid().equals(asker))
          .forEach(entry -> wake(account, entry));
    }
  }

  private void remember(Account account, InferenceQuota seen) {
    newest.merge(
        account,
        Optional.of(seen),
        (known, latest) ->
            known.filter(quota -> version(quota) >= version(seen)).isPresent() ? known : latest);
  }

  private static long version(InferenceQuota quota) {
    return Long.parseLong(quota.getMetadata().getResourceVersion());
  }

  private static boolean isSame(InferenceQuota one, InferenceQuota other) {
    return one.getMetadata().getUid().equals(other.getMetadata().getUid());
  }
}
