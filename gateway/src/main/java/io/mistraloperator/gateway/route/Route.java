package io.mistraloperator.gateway.route;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.RequestLimits;
import java.time.Instant;
import java.util.List;

/**
 * One endpoint.
 *
 * @param id name of the route object: the endpoint name in lower case
 * @param endpoint endpoint name as the project wrote it
 * @param deployment name of the object whose endpoint it is
 * @param project namespace whose endpoint it is
 * @param created when the route was made
 * @param hosts lower case, without port
 * @param model behind the endpoint
 * @param engine kind of server
 * @param service whose EndpointSlices list the instances
 * @param servedModel name under which the server knows the model
 * @param keyDigests SHA-256 of each accepted key; none where the endpoint takes tokens
 * @param limits bounds of one request
 * @param access with what applications prove who they are
 * @param queueing how requests wait that cannot be answered at once
 */
public record Route(
    String id,
    String endpoint,
    String deployment,
    String project,
    Instant created,
    List<String> hosts,
    ModelFacts model,
    Engine engine,
    ServiceRef service,
    String servedModel,
    List<byte[]> keyDigests,
    RequestLimits limits,
    Access access,
    Queueing queueing) {
  /** Takes copies of the lists. */
  public Route {
    hosts = List.copyOf(hosts);
    keyDigests = List.copyOf(keyDigests);
  }
}
