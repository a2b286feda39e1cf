package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * One event for each transition. The name of an event is made from what it tells, so that a repeat
 * after a crash meets the first one instead of doubling it.
 */
@Singleton
public class EventRecorder {
  private static final int MESSAGE_LIMIT = 1000;
  private static final int NAME_LIMIT = 200;

  private final KubernetesClient client;
  private final Clock clock;

  public EventRecorder(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Tells what changed between two lists of conditions of {@code about}. */
  public void record(HasMetadata about, List<Condition> before, List<Condition> after) {
    for (var transition : Transitions.between(before, after)) {
      record(about, transition);
    }
  }

  /** Tells one happening. */
  public void record(HasMetadata about, Happening happening) {
    var metadata = about.getMetadata();
    String name = metadata.getName();
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    String message = happening.message();
    var event =
        new EventBuilder()
            .withNewMetadata()
            .withName(
                name.substring(0, Math.min(name.length(), NAME_LIMIT))
                    + "."
                    + Hashes.brief(
                        metadata.getUid() + metadata.getGeneration() + happening.identity(), 16))
            .withNamespace(metadata.getNamespace())
            .endMetadata()
            .withNewInvolvedObject()
            .withApiVersion(about.getApiVersion())
            .withKind(about.getKind())
            .withName(name)
            .withNamespace(metadata.getNamespace())
            .withUid(metadata.getUid())
            .endInvolvedObject()
            .withType(happening.warning() ? "Warning" : "Normal")
            .withReason(happening.reason())
            .withMessage(message.substring(0, Math.min(message.length(), MESSAGE_LIMIT)))
            .withFirstTimestamp(now)
            .withLastTimestamp(now)
            .withCount(1)
            .withNewSource()
            .withComponent(Labels.OPERATOR)
            .endSource()
            .withReportingComponent(Labels.OPERATOR)
            .withReportingInstance(Labels.OPERATOR)
            .build();
    try {
      client.resource(event).create();
    } catch (KubernetesClientException e) {
      boolean toldAlready = ApiErrors.conflict(e);
      if (!toldAlready && !ApiErrors.namespaceTerminating(e) && !ApiErrors.notFound(e)) {
        throw e;
      }
    }
  }
}
