package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.mistraloperator.api.MistralDeployment;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Kubernetes' own controllers do in a project, done each time that it is asked for. */
final class Controllers {
  private static final List<Class<? extends HasMetadata>> CHILDREN =
      List.of(
          Deployment.class,
          Service.class,
          ConfigMap.class,
          NetworkPolicy.class,
          PodDisruptionBudget.class);

  private final World world;

  Controllers(World world) {
    this.world = world;
  }

  /** Engines get what their specs say; what lost all its owners goes. */
  void act() {
    collect();
    engines().stream()
        .filter(engine -> !ServedEngine.isReported(engine))
        .forEach(
            engine ->
                world.reports.serve(
                    world.project, engine.getMetadata().getName().replaceFirst("-engine$", "")));
  }

  /** Acts again and again beside the caller, until closed. */
  Acting acting() {
    return new Acting();
  }

  /** A thread of its own. */
  final class Acting implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(300);

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> acts =
        executor.scheduleWithFixedDelay(
            Controllers.this::act, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);

    /**
     * Waits for the act that is under way.
     *
     * @throws AssertionError when an act has failed
     */
    @Override
    public void close() {
      acts.cancel(false);
      executor.close();
      if (acts.state() == Future.State.FAILED) {
        throw new AssertionError(acts.exceptionNow());
      }
    }
  }

  List<Deployment> engines() {
    return list(Deployment.class);
  }

  /** A Secret that goes takes with it what only it owns. */
  private void collect() {
    removeOrphans(List.of(Secret.class), List.of(MistralDeployment.class));
    removeOrphans(CHILDREN, List.of(MistralDeployment.class, Secret.class));
  }

  private void removeOrphans(
      List<Class<? extends HasMetadata>> kinds, List<Class<? extends HasMetadata>> owners) {
    // In this order: an owner that is made later has no children among these.
    var owned =
        all(kinds).filter(object -> !object.getMetadata().getOwnerReferences().isEmpty()).toList();
    Set<String> living =
        all(owners).map(owner -> owner.getMetadata().getUid()).collect(Collectors.toSet());
    owned.stream()
        .filter(
            object ->
                object.getMetadata().getOwnerReferences().stream()
                    .noneMatch(owner -> living.contains(owner.getUid())))
        .forEach(orphan -> world.client.resource(orphan).delete());
  }

  private Stream<? extends HasMetadata> all(List<Class<? extends HasMetadata>> kinds) {
    return kinds.stream().map(this::list).flatMap(Collection::stream);
  }

  private <T extends HasMetadata> List<T> list(Class<T> kind) {
    return world.client.resources(kind).inNamespace(world.project).list().getItems();
  }
}
