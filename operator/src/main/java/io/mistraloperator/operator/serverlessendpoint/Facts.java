package io.mistraloperator.operator.serverlessendpoint;

import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.kube.NameTakenException;
import io.mistraloperator.operator.plan.Refusal;
import io.mistraloperator.operator.route.EndpointOutcome;
import java.util.Optional;

/**
 * All that a status is made from.
 *
 * @param model the model
 * @param refusal why the endpoint cannot be
 * @param holder the endpoint that has the model in this project, when it is another one
 * @param conflict a name that somebody else holds
 * @param pool the instances
 * @param endpoint what became of the endpoint
 */
record Facts(
    Optional<Model> model,
    Optional<Refusal> refusal,
    Optional<String> holder,
    Optional<NameTakenException> conflict,
    Optional<MistralDeployment> pool,
    EndpointOutcome endpoint) {}
