package io.mistraloperator.operator.plan;

/** A layout, or why the weights do not fit. */
sealed interface LayoutResult permits Layout, LayoutResult.TooBig {
  /**
   * The weights do not fit.
   *
   * @param arithmetic the sum, for people
   */
  record TooBig(String arithmetic) implements LayoutResult {}
}
