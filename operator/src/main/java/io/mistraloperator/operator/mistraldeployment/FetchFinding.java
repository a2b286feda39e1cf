package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.api.FetchStatus;
import io.mistraloperator.api.FetchStatus.Phase;
import io.mistraloperator.operator.kube.Conditions.Truth;
import io.mistraloperator.operator.kube.Finding;
import io.mistraloperator.operator.mistraldeployment.StatusFactory.Reason;

/** Says in a condition how far weights are on their way. */
final class FetchFinding {
  private FetchFinding() {}

  /** Ends a message of another condition; empty while nothing is fetched. */
  static String addition(Facts facts) {
    return facts.fetch().map(fetch -> "; " + of(fetch).message()).orElse("");
  }

  static Finding of(FetchStatus fetch) {
    if (isRetrying(fetch)) {
      return retrying(fetch);
    }
    if (fetch.phase() == Phase.Waiting) {
      return new Finding(
          Truth.False,
          Reason.WaitingForFetch,
          "another instance fetches the same weights into the shared cache: " + fetch.summary());
    }
    return isSlow(fetch)
        ? slow(fetch)
        : new Finding(
            Truth.False, Reason.Fetching, "the weights are being fetched: " + fetch.summary());
  }

  static boolean isRetrying(FetchStatus fetch) {
    return fetch.trouble() != null;
  }

  static Finding retrying(FetchStatus fetch) {
    return new Finding(
        Truth.False,
        Reason.FetchRetrying,
        "the weights are being fetched again after: " + fetch.trouble());
  }

  static boolean isSlow(FetchStatus fetch) {
    return Boolean.TRUE.equals(fetch.slow());
  }

  static Finding slow(FetchStatus fetch) {
    return new Finding(
        Truth.False,
        Reason.FetchSlow,
        "the weights come slowly: "
            + fetch.summary()
            + "; look at the source, the network and the volume");
  }
}
