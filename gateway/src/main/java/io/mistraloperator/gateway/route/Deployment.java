package io.mistraloperator.gateway.route;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.RequestLimits;

/**
 * One of the deployments behind an endpoint (rows D2.2, D2.4, D2.6).
 *
 * @param id that of its route, a slash and its name
 * @param name of its object; what a header may ask for
 * @param weight share of the endpoint's requests in relation to the weights of the others, from 0
 * @param mirror percent of the requests to others of which it gets a copy, 0 to 50
 * @param model behind it
 * @param engine kind of server
 * @param service whose EndpointSlices list the instances
 * @param servedModel name under which the server knows the model
 * @param limits bounds of one request
 * @param queueing how requests wait that cannot be answered at once
 */
public record Deployment(
    String id,
    String name,
    int weight,
    int mirror,
    ModelFacts model,
    Engine engine,
    ServiceRef service,
    String servedModel,
    RequestLimits limits,
    Queueing queueing) {}
