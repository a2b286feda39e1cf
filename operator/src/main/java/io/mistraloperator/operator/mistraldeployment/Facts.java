package io.mistraloperator.operator.mistraldeployment;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.operator.diagnosis.PodProblems;
import io.mistraloperator.operator.diagnosis.Problem;
import io.mistraloperator.operator.diagnosis.Problem.Reason;
import io.mistraloperator.operator.kube.NameTakenException;
import io.mistraloperator.operator.mistraldeployment.Rollouts.Step;
import io.mistraloperator.operator.quota.QuotaOutcome;
import io.mistraloperator.operator.route.EndpointOutcome;
import io.mistraloperator.operator.scaling.Running;
import io.mistraloperator.operator.scaling.Scaling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a status is made from.
 *
 * @param decision what is to run
 * @param quota whether it has its cores
 * @param endpoint what became of the endpoint
 * @param conflict a name that somebody else holds
 * @param deployment the engine Deployment as last seen
 * @param pods engine pods
 * @param listed instances that the engine's Service lists as ready
 * @param warnings what the events of pods say, by uid
 * @param scaling how many instances there should be
 * @param fetch how far the weights are on their way
 * @param rollout the next step of a rollout; empty where nothing may run
 * @param refusal what the API server says against an object that is needed
 * @param now when all that is
 */
record Facts(
    Decision decision,
    QuotaOutcome quota,
    EndpointOutcome endpoint,
    Optional<NameTakenException> conflict,
    Optional<Deployment> deployment,
    List<Pod> pods,
    int listed,
    Map<String, String> warnings,
    Scaling scaling,
    Optional<FetchStatus> fetch,
    Optional<Step> rollout,
    Optional<String> refusal,
    Instant now) {

  /**
   * What runs, for whoever follows the load; empty while there is no endpoint that has any.
   *
   * @param name of the deployment
   */
  Optional<Running> running(String name) {
    return decision instanceof Decision.Run run
            && endpoint instanceof EndpointOutcome.Published published
        ? Optional.of(
            new Running(
                published.address().routeName() + "/" + name,
                run.running().plan().concurrency(),
                progress().map(Rollout::ready).orElse(0)))
        : Optional.empty();
  }

  /** How far the engine Deployment is; empty where there is none. */
  Optional<Rollout> progress() {
    return deployment.map(seen -> Rollout.of(seen, pods, listed));
  }

  /** A step that is told, and not done yet. */
  Optional<Step> planned() {
    return rollout.filter(step -> !step.told());
  }

  /** The first concrete cause why an instance does not serve. */
  Optional<Problem> problem() {
    return PodProblems.find(pods, warnings)
        .map(found -> lacksNodeForLong(found) ? found.needingPerson() : found)
        .or(
            () ->
                deployment
                    .flatMap(Rollout::problem)
                    // Weights of hundreds of gigabytes take their time; the fetcher itself tells of
                    // stalls.
                    .filter(problem -> fetch.isEmpty() || problem.reason() != Reason.StartTooSlow));
  }

  /** A node that has not come within the time of a whole start is not on its way. */
  private boolean lacksNodeForLong(Problem found) {
    return found.reason() == Reason.Unschedulable
        && deployment
            .map(seen -> seen.getSpec().getProgressDeadlineSeconds())
            .map(Duration::ofSeconds)
            .flatMap(
                deadline -> PodProblems.unscheduledSince(pods).map(since -> since.plus(deadline)))
            .filter(end -> !now.isBefore(end))
            .isPresent();
  }
}
