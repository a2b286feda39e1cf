package io.mistraloperator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One model on dedicated instances of a machine type, with its endpoint: Azure's managed compute.
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("mdep")
@Categories(Api.CATEGORY)
@ValidationRule(
    value =
        "(has(self.spec.endpointName) || (has(self.spec.expose) && !self.spec.expose)) ? true : size(self.metadata.name) <= 32 && size(self.metadata.name) >= 3 && self.metadata.name.matches('^"
            + Api.ENDPOINT_NAME
            + "$')",
    message =
        "metadata.name is also the endpoint name and must have "
            + Api.ENDPOINT_NAME_WORDS
            + "; choose another name or set spec.endpointName")
@ValidationRule(
    value =
        "size(self.metadata.name) <= 63 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name must start with a letter and hold at most 63 lower-case letters, digits and dashes: a Service of that name is made")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "State",
    jsonPath = ".status.provisioningState",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Model",
    jsonPath = ".spec.model",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Instances",
    jsonPath = ".status.instances.summary",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Traffic",
    jsonPath = ".status.traffic",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Endpoint",
    jsonPath = ".status.endpoint.url",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Fetch",
    jsonPath = ".status.fetch.summary",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Type",
    jsonPath = ".spec.instanceType",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "GPUs",
    jsonPath = ".status.plan.gpus",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Core-Hours",
    jsonPath = ".status.usage.coreHours",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Cost",
    jsonPath = ".status.usage.cost",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Expires",
    jsonPath = ".status.expiresAt",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class MistralDeployment
    extends CustomResource<MistralDeploymentSpec, MistralDeploymentStatus> implements Namespaced {
  private static final long serialVersionUID = 1L;

  @Override
  protected MistralDeploymentSpec initSpec() {
    return null;
  }

  @Override
  protected MistralDeploymentStatus initStatus() {
    return null;
  }
}
