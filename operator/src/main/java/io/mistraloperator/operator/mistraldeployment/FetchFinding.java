package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.mistraldeployment.StatusFactory.Reason;

/** Says in a condition how far weights are on their way. */
final class FetchFinding {
  private FetchFinding() {}

  static Finding of(FetchStatus fetch) {
    if (fetch.trouble() != null) {
      return new Finding(
          Truth.False,
          Reason.FetchRetrying,
          "the weights are being fetched again after: " + fetch.trouble());
    }
    if (fetch.phase() == Phase.Waiting) {
      return new Finding(
          Truth.False,
          Reason.WaitingForFetch,
          "another instance fetches the same weights into the shared cache: " + fetch.summary());
    }
    if (Boolean.TRUE.equals(fetch.slow())) {
      return new Finding(
          Truth.False,
          Reason.FetchSlow,
          "the weights come slowly: "
              + fetch.summary()
              + "; look at the source, the network and the volume");
    }
    return new Finding(
        Truth.False, Reason.Fetching, "the weights are being fetched: " + fetch.summary());
  }
}
