package io.mistraloperator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * What the gateway must know of one endpoint: the contract between the two halves. Written by the
 * operator only, in the platform namespace; its name is the endpoint name in lower case, so that
 * the API server lets only one endpoint of the region have it (row A6.2).
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("iroute")
@AdditionalPrinterColumn(
    name = "Project",
    jsonPath = ".spec.owner.namespace",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Kind",
    jsonPath = ".spec.owner.kind",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Name",
    jsonPath = ".spec.owner.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Model",
    jsonPath = ".spec.deployments[0].model.name",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Engine",
    jsonPath = ".spec.deployments[0].backend.engine",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class InferenceRoute extends CustomResource<InferenceRouteSpec, Void> implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  protected InferenceRouteSpec initSpec() {
    return null;
  }
}
