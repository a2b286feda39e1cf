package io.mistraloperator.operator.bench;

import java.time.Duration;

/** What a replica did and cost while something went on. */
final class Phase {
  private final String name;
  private final Replica replica;
  private final Samples before;
  private final Duration processor;
  private final long begun = System.nanoTime();

  private Phase(String name, Replica replica) {
    this.name = name;
    this.replica = replica;
    this.before = replica.samples();
    this.processor = replica.processor();
  }

  static Phase begin(String name, Replica replica) {
    return new Phase(name, replica);
  }

  /**
   * One line of the report.
   *
   * @param passes passes over deployments
   * @param p50 half of them took no longer, the API server's answers included
   * @param p99 of a hundred 99 took no longer
   * @param worked the thread of 99 of a hundred worked no longer
   * @param processor processor time of the process, all threads together
   * @param resident memory in MiB at the end
   * @param most memory in MiB at its most since the start
   */
  record Line(
      String name,
      Duration took,
      int passes,
      Duration p50,
      Duration p99,
      Duration worked,
      Duration processor,
      int resident,
      int most) {}

  Line end() {
    var grown = replica.samples().since(before);
    return new Line(
        name,
        Duration.ofNanos(System.nanoTime() - begun),
        (int) Replica.passes(grown),
        Replica.took(0.5, grown),
        Replica.took(0.99, grown),
        Replica.worked(0.99, grown),
        replica.processor().minus(processor),
        replica.memory("VmRSS"),
        replica.memory("VmHWM"));
  }
}
