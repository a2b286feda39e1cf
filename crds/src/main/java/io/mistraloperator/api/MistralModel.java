package io.mistraloperator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One entry of the platform's model catalogue (rows A1.1 to A1.16). */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("mmodel")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
    name = "Id",
    jsonPath = ".spec.id",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Label",
    jsonPath = ".spec.label",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Task",
    jsonPath = ".spec.task",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Context",
    jsonPath = ".spec.contextLength",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Weights",
    jsonPath = ".spec.weights",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Managed",
    jsonPath = ".spec.deployment.managed",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "Serverless",
    jsonPath = ".spec.deployment.serverless.instanceType",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Preview",
    jsonPath = ".spec.preview",
    type = AdditionalPrinterColumn.Type.BOOLEAN)
@AdditionalPrinterColumn(
    name = "License",
    jsonPath = ".spec.license.name",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Lifecycle",
    jsonPath = ".spec.lifecycle",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
public class MistralModel extends CustomResource<MistralModelSpec, Void> {
  private static final long serialVersionUID = 1L;

  @Override
  protected MistralModelSpec initSpec() {
    return null;
  }
}
