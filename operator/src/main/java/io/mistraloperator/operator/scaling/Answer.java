package io.mistraloperator.operator.scaling;

/** What became of asking one gateway for its load. */
sealed interface Answer {
  /** Name of its pod. */
  String gateway();

  /** It told its load. */
  record Said(String gateway, LoadReport report) implements Answer {}

  /**
   * It did not answer, or not with a report.
   *
   * @param serves whether new requests can reach it
   * @param leaving whether it is being stopped
   * @param cause why, in words that are the same each time
   */
  record Failed(String gateway, boolean serves, boolean leaving, String cause) implements Answer {}
}
