package io.mistraloperator.operator.route;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mistraloperator.api.EndpointAuth;
import io.mistraloperator.operator.keys.KeySecret.Revisions;
import io.mistraloperator.operator.traffic.Share;
import java.util.Optional;

/**
 * One of the objects that an endpoint is of (row D2.2).
 *
 * @param object itself
 * @param endpointName as its project wrote it
 * @param revisions wanted revisions of the keys; those of the endpoint's first member hold
 * @param auth accepted credentials, where the project wrote them; likewise
 * @param share of the endpoint's requests
 * @param mirror percent of the others' requests of which it gets a copy, 0 to 50
 */
public record Member(
    HasMetadata object,
    String endpointName,
    Revisions revisions,
    Optional<EndpointAuth> auth,
    Share share,
    int mirror) {

  /** The only member of an endpoint. */
  public static Member alone(
      HasMetadata object, String endpointName, Revisions revisions, Optional<EndpointAuth> auth) {
    return new Member(
        object,
        endpointName,
        revisions,
        auth,
        new Share(object.getMetadata().getName(), Optional.empty(), true),
        0);
  }

  String name() {
    return object.getMetadata().getName();
  }

  String uid() {
    return object.getMetadata().getUid();
  }
}
