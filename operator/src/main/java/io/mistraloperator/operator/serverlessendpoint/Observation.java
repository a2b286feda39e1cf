package io.mistraloperator.operator.serverlessendpoint;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.mistraloperator.api.InferenceRoute;
import io.mistraloperator.api.MistralDeployment;
import io.mistraloperator.operator.catalogue.Model;
import java.util.Optional;

/**
 * What the caches say about one endpoint.
 *
 * @param model the model that it names
 * @param noSuchModel why there is no such model, for the case that there is none
 * @param older an endpoint of the same model in the same project that was there before
 * @param lock what makes an endpoint the only one for its model
 * @param service the Service under the endpoint's own name
 * @param pool the instances of the model
 * @param keyWitness what goes with the key Secret
 * @param route the route of the endpoint's name, whoever has it
 */
record Observation(
    Optional<Model> model,
    String noSuchModel,
    Optional<String> older,
    Optional<ConfigMap> lock,
    Optional<Service> service,
    Optional<MistralDeployment> pool,
    Optional<ConfigMap> keyWitness,
    Optional<InferenceRoute> route) {}
