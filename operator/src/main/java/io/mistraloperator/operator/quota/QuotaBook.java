package io.mistraloperator.operator.quota;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaStatus.Reservation;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.ApiErrors;
import io.mistraloperator.operator.quota.QuotaOutcome.Exempt;
import io.mistraloperator.operator.quota.QuotaOutcome.Reserved;
import io.mistraloperator.operator.quota.QuotaOutcome.Short;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The ledgers of all projects. Each change starts from the newest known version of the object and
 * is an update that holds for that version only; passes of one project take turns, so that they do
 * not keep each other from coming through. What was written last is remembered, so that a pass that
 * changes nothing calls nobody.
 */
@Singleton
public class QuotaBook {
  private static final int ATTEMPTS = 10;

  private final QuotaObjects objects;
  private final OperatorConfig config;
  private final Census census;
  private final QuotaMeters meters;
  private final StatusFactory statusFactory;
  private final Map<String, Optional<InferenceQuota>> newest = new ConcurrentHashMap<>();
  private final Map<String, ReentrantLock> turns = new ConcurrentHashMap<>();
  private final Set<String> departed = Collections.synchronizedSet(new Latest());
  private volatile BiConsumer<String, String> wake = (namespace, name) -> {};

  public QuotaBook(
      KubernetesClient client,
      OperatorConfig config,
      Census census,
      QuotaMeters meters,
      Clock clock) {
    this.objects = new QuotaObjects(client);
    this.config = config;
    this.census = census;
    this.meters = meters;
    this.statusFactory = new StatusFactory(clock);
  }

  /** Uids of the last few thousand that went. */
  private static final class Latest extends LinkedHashSet<String> {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 4096;

    @Override
    public boolean add(String uid) {
      boolean added = super.add(uid);
      if (size() > MOST) {
        removeFirst();
      }
      return added;
    }
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
            holder.namespace(),
            holder.uid(),
            true,
            cpuFamilies,
            // A pass that was under way when its deployment went must not reserve after that.
            (ledger, limits) ->
                departed.contains(holder.uid()) ? ledger : ask.apply(ledger, limits))
        .map(change -> outcome(demand, change))
        .orElseGet(Exempt::new);
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
        demand.holder().namespace(),
        demand.holder().uid(),
        false,
        cpuFamilies,
        (ledger, limits) -> ledger.trim(demand, limits));
  }

  /** Takes a deployment out of the queue; what runs keeps its cores. */
  public void withdraw(HasMetadata holder, Set<String> cpuFamilies) {
    String uid = holder.getMetadata().getUid();
    change(
        holder.getMetadata().getNamespace(),
        uid,
        false,
        cpuFamilies,
        (ledger, limits) -> ledger.withdraw(uid));
  }

  /** Gives back all that a holder has which is gone, and takes nothing more for it. */
  public void depart(String project, String uid, Set<String> cpuFamilies) {
    departed.add(uid);
    release(project, uid, cpuFamilies);
  }

  /** Gives back all that a holder has. */
  public void release(String project, String uid, Set<String> cpuFamilies) {
    change(project, uid, false, cpuFamilies, (ledger, limits) -> ledger.release(uid, limits));
  }

  /** Carries out what the platform has written. */
  public void refresh(InferenceQuota quota, Set<String> cpuFamilies) {
    String project = quota.getMetadata().getNamespace();
    remember(project, quota);
    change(project, "", false, cpuFamilies, Ledger::settle);
  }

  /**
   * A quota was deleted. Unless the operator did that itself, whoever is in its ledger asks again,
   * and the ledger is opened anew with what runs.
   */
  public void lost(InferenceQuota gone) {
    String project = gone.getMetadata().getNamespace();
    var known = newest.get(project);
    if (known != null && known.filter(quota -> isSame(quota, gone)).isEmpty()) {
      return;
    }
    newest.remove(project);
    meters.forget(project);
    Ledger.of(gone).stream()
        .flatMap(ledger -> Stream.of(ledger.waiting(), ledger.reservations()))
        .flatMap(List::stream)
        .map(Reservation::name)
        .distinct()
        .forEach(name -> wake.accept(project, name));
  }

  private Optional<Change> change(
      String project,
      String asker,
      boolean open,
      Set<String> cpuFamilies,
      BiFunction<Ledger, Limits, Ledger> step) {
    var turn = turns.computeIfAbsent(project, name -> new ReentrantLock());
    turn.lock();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return attempt(project, asker, open, cpuFamilies, step);
        } catch (KubernetesClientException e) {
          newest.remove(project);
          boolean overtaken = ApiErrors.conflict(e) || ApiErrors.notFound(e);
          if (!overtaken || attempt == ATTEMPTS) {
            throw e;
          }
        }
      }
    } finally {
      turn.unlock();
    }
  }

  private Optional<Change> attempt(
      String project,
      String asker,
      boolean open,
      Set<String> cpuFamilies,
      BiFunction<Ledger, Limits, Ledger> step) {
    var known = newest.get(project);
    if (known == null) {
      known = objects.read(project);
      newest.put(project, known);
    }
    // The platform's own namespace has limits only where the platform has written some.
    boolean make = open && !project.equals(config.namespace());
    if (known.isEmpty() && !make) {
      return Optional.empty();
    }
    var quota = known.isPresent() ? known.get() : objects.make(project);
    var limits = Limits.of(quota, config, cpuFamilies);
    var before = Ledger.of(quota).orElseGet(() -> new Ledger(census.running(project), List.of()));
    var after = step.apply(before, limits);
    if (after.isEmpty() && QuotaObjects.isOurs(quota)) {
      objects.delete(quota);
      newest.put(project, Optional.empty());
      meters.forget(project);
    } else {
      write(quota, before, after, limits, asker);
    }
    return Optional.of(new Change(before, after, limits));
  }

  private void write(
      InferenceQuota quota, Ledger before, Ledger after, Limits limits, String asker) {
    String project = quota.getMetadata().getNamespace();
    var status = statusFactory.status(quota, after, limits);
    meters.usage(project, status.families());
    var old = quota.getStatus();
    if (status.equals(old)) {
      newest.put(project, Optional.of(quota));
      return;
    }
    newest.put(project, Optional.of(objects.write(quota, status)));
    boolean concerning =
        old == null
            || !status.reservations().equals(old.reservations())
            || !status.families().equals(old.families());
    if (concerning) {
      before.waiting().stream()
          .filter(entry -> !entry.uid().equals(asker))
          .forEach(entry -> wake.accept(project, entry.name()));
    }
  }

  private void remember(String project, InferenceQuota seen) {
    newest.merge(
        project,
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
