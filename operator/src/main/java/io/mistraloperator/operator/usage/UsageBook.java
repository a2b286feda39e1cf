package io.mistraloperator.operator.usage;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Labels;
import io.mistraloperator.operator.kube.Turns;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/**
 * The ledgers of what deployments use. Each write holds for the version only that was read, so that
 * two operators never count the same time twice; what an operator that was down did not see is told
 * by the pods that are there, by the events of those that are not, and else counts up to the last
 * write.
 */
@Singleton
public class UsageBook {
  private static final Logger LOG = Logger.getLogger(UsageBook.class);

  private final UsageObjects objects;
  private final Killings killings;
  private final UsageMeters meters;
  private final Departed departed;
  private final Clock clock;
  private final Map<String, ProjectUsage> newest = new ConcurrentHashMap<>();
  private final Turns<String> turns = new Turns<>();

  /** Pods that this process has seen, by uid, until they are counted as ended. */
  private final Map<String, Sighting> seen = new ConcurrentHashMap<>();

  private final PodEnds ends = new PodEnds();

  public UsageBook(
      KubernetesClient client,
      OperatorConfig config,
      UsageMeters meters,
      Departed departed,
      Clock clock) {
    this.objects = new UsageObjects(client, config.namespace());
    this.killings = new Killings(client);
    this.meters = meters;
    this.departed = departed;
    this.clock = clock;
  }

  /**
   * Takes note that an engine pod is gone, whichever pass looks for it and when. Returns at once.
   */
  public void left(Pod gone) {
    ends.add(gone.getMetadata().getUid(), Sightings.finished(gone).orElseGet(clock::instant));
  }

  /**
   * Counts what a deployment uses. What cannot be written now is counted by a later pass, from what
   * pods say and have said.
   *
   * @param owner the deployment
   * @param model id of its model
   * @param present what its pods say
   * @return what is written about it; empty when it has used nothing yet or nobody knows
   */
  public Optional<Meter> observe(Labels.Owner owner, String model, List<Sighting> present) {
    try {
      return count(owner, model, present, () -> departed.contains(owner.uid()));
    } catch (KubernetesClientException e) {
      LOG.warnf(
          "The use of deployment %s in %s cannot be written and is counted later: %s",
          owner.name(), owner.namespace(), e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Counts what a deployment uses that is gone.
   *
   * @throws KubernetesClientException when it cannot be written
   */
  Optional<Meter> close(Labels.Owner gone, String model, List<Sighting> present) {
    return count(gone, model, present, () -> false);
  }

  private Optional<Meter> count(
      Labels.Owner owner, String model, List<Sighting> present, BooleanSupplier over) {
    if (!over.getAsBoolean()) {
      present.forEach(sighting -> seen.put(sighting.uid(), sighting));
    }
    return Optional.ofNullable(
        change(
                owner.namespace(),
                usage -> {
                  if (over.getAsBoolean()) {
                    return usage;
                  }
                  var now = clock.instant();
                  var written = usage.meters().get(owner.uid());
                  var before = written == null ? Meter.of(owner.name(), model, now) : written;
                  // A pass that has taken its time may have seen pods that are gone by now.
                  var told =
                      present.stream()
                          .map(pod -> ends.of(pod.uid()).map(pod::endedAt).orElse(pod))
                          .toList();
                  var after = before.at(now, told, uid -> end(owner.namespace(), uid, before, now));
                  boolean worth = written == null ? !after.isEmpty() : after.differs(written);
                  return worth ? usage.with(owner.uid(), after) : usage;
                })
            .meters()
            .get(owner.uid()));
  }

  /**
   * Drops and sums up what nobody needs any more of deployments that are gone.
   *
   * @param gone their uids
   */
  void tidy(String project, Set<String> gone) {
    change(
        project,
        usage -> {
          var after = usage.tidied(gone, clock.instant());
          // Their pods are forgotten: a pass that still sees them must not count them anew.
          gone.stream()
              .filter(uid -> !Objects.equals(usage.meters().get(uid), after.meters().get(uid)))
              .forEach(departed::add);
          return after;
        });
  }

  /** The ledger of a project, read anew. */
  ProjectUsage of(String project) {
    return show(objects.read(project));
  }

  /** All ledgers, read anew. */
  List<ProjectUsage> all() {
    var all = objects.all();
    all.forEach(this::show);
    return all;
  }

  private Instant end(String namespace, String uid, Meter meter, Instant now) {
    return ends.of(uid)
        .or(() -> Optional.ofNullable(seen.get(uid)).map(sighting -> sighting.end(now)))
        .or(() -> killings.of(namespace, uid))
        .orElse(meter.asOf());
  }

  private ProjectUsage change(String project, UnaryOperator<ProjectUsage> step) {
    return turns.take(project, () -> attempt(project, step), () -> newest.remove(project));
  }

  private ProjectUsage attempt(String project, UnaryOperator<ProjectUsage> step) {
    var known = newest.get(project);
    var before = known == null ? objects.read(project) : known;
    var after = step.apply(before);
    return show(after == before ? before : objects.write(after));
  }

  private ProjectUsage show(ProjectUsage usage) {
    newest.put(usage.project(), usage);
    usage.meters().values().forEach(meter -> meter.ended().keySet().forEach(seen::remove));
    meters.show(usage);
    return usage;
  }
}
