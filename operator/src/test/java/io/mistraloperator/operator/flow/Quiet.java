package io.mistraloperator.operator.flow;

/** Whether an operator has nothing more to do: it has called, but not since some looks. */
final class Quiet {
  private static final int LOOKS = 5;

  private final RunningOperator operator;
  private int calls = -1;
  private int looks;

  Quiet(RunningOperator operator) {
    this.operator = operator;
  }

  boolean isThere() {
    int now = operator.calls().made().size();
    looks = now == calls ? looks + 1 : 0;
    calls = now;
    return now > 0 && looks > LOOKS;
  }
}
