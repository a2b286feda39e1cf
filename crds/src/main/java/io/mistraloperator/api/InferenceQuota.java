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
 * How many cores of each machine family a project may use (row D2.21), and who uses them. A project
 * has one, named {@value #NAME}: the platform writes its spec, the operator its status, and the
 * project reads it. One more in the platform's namespace, named {@value #SHARED}, says what all
 * projects share for a test (row D2.25).
 */
@Group(Api.GROUP)
@Version(Api.VERSION)
@ShortNames("iquota")
@Categories(Api.CATEGORY)
@ValidationRule(
    value =
        "self.metadata.name in ['" + InferenceQuota.NAME + "', '" + InferenceQuota.SHARED + "']",
    message =
        "metadata.name must be "
            + InferenceQuota.NAME
            + ": a project has one quota, so that it is clear which one counts; or "
            + InferenceQuota.SHARED
            + ", in the platform's namespace, for what all projects share")
@AdditionalPrinterColumn(
    name = "Used/Limit",
    jsonPath = ".status.summary",
    type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
    name = "Waiting",
    jsonPath = ".status.waitingCount",
    type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE)
public class InferenceQuota extends CustomResource<InferenceQuotaSpec, InferenceQuotaStatus>
    implements Namespaced {
  /** Name of a project's quota. */
  public static final String NAME = "default";

  /** Name of the quota in the platform's namespace that all projects share. */
  public static final String SHARED = "shared";

  private static final long serialVersionUID = 1L;

  @Override
  protected InferenceQuotaSpec initSpec() {
    return null;
  }

  @Override
  protected InferenceQuotaStatus initStatus() {
    return null;
  }
}
