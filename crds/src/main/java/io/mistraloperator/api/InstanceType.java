package io.mistraloperator.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** One machine size that projects may choose. */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("itype")
@Categories(Api.CATEGORY)
@AdditionalPrinterColumn(
    name = "Family",
    jsonPath = ".spec.family",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Cores",
    jsonPath = ".spec.cores",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Memory",
    jsonPath = ".spec.memory",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "GPUs",
    jsonPath = ".spec.gpu.count",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "GPU",
    jsonPath = ".spec.gpu.model",
    type = AdditionalPrinterColumn.Type.STRING)
public class InstanceType extends CustomResource<InstanceTypeSpec, Void> {
  private static final long serialVersionUID = 1L;

  @Override
  protected InstanceTypeSpec initSpec() {
    return null;
  }
}
