package io.mistraloperator.gateway.route;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One endpoint, with the deployments behind it.
 *
 * @param id name of the route object: the endpoint name in lower case
 * @param endpoint endpoint name as the project wrote it
 * @param project namespace whose endpoint it is
 * @param created when the route was made
 * @param hosts lower case, without port
 * @param keyDigests SHA-256 of each accepted key; none where the endpoint takes tokens
 * @param access with what applications prove who they are
 * @param deployments what answers, at least one
 */
public record Route(
    String id,
    String endpoint,
    String project,
    Instant created,
    List<String> hosts,
    List<byte[]> keyDigests,
    Access access,
    List<Deployment> deployments) {
  /** Takes copies of the lists. */
  public Route {
    hosts = List.copyOf(hosts);
    keyDigests = List.copyOf(keyDigests);
    deployments = List.copyOf(deployments);
  }

  /** The deployment of this name, in any case. */
  public Optional<Deployment> named(String deployment) {
    return deployments.stream()
        .filter(each -> each.name().equalsIgnoreCase(deployment))
        .findFirst();
  }
}
