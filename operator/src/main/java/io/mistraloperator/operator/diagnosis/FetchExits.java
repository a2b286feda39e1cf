package io.mistraloperator.operator.diagnosis;

import io.mistraloperator.operator.diagnosis.Problem.Reason;
import java.util.Map;
import java.util.Optional;

/** Exit statuses of the model fetcher; the contract is in inference-image/README.md. */
final class FetchExits {
  private static final Map<Integer, Reason> REASONS =
      Map.of(
          10, Reason.FetchAccessDenied,
          11, Reason.FetchNotFound,
          12, Reason.FetchNoSpace,
          13, Reason.FetchWrongChecksum,
          14, Reason.FetchGaveUp);

  private FetchExits() {}

  static Optional<Reason> reason(int exitCode) {
    return Optional.ofNullable(REASONS.get(exitCode));
  }
}
