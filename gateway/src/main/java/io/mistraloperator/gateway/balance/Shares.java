package io.mistraloperator.gateway.balance;

import io.mistraloperator.gateway.route.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/** Which deployment of an endpoint answers, and which get a copy (rows D2.4, D2.6). Pure. */
public final class Shares {
  private static final int PERCENT = 100;

  private Shares() {}

  /**
   * One of the deployments, in proportion to their weights. One that cannot answer leaves its share
   * to the others, as long as one can.
   *
   * @param able whether a deployment can answer, or lets requests wait until it can
   * @param chance a number from 0 that is below its argument
   * @return empty when none has a weight above 0
   */
  public static Optional<Deployment> pick(
      List<Deployment> deployments, Predicate<Deployment> able, IntUnaryOperator chance) {
    List<Deployment> weighty =
        deployments.stream().filter(deployment -> deployment.weight() > 0).toList();
    if (weighty.size() < 2) {
      return weighty.stream().findFirst();
    }
    List<Deployment> fit = weighty.stream().filter(able).toList();
    List<Deployment> candidates = fit.isEmpty() ? weighty : fit;
    int drawn = chance.applyAsInt(candidates.stream().mapToInt(Deployment::weight).sum());
    for (Deployment candidate : candidates) {
      drawn -= candidate.weight();
      if (drawn < 0) {
        return Optional.of(candidate);
      }
    }
    throw new IllegalArgumentException("chance must be below the sum of the weights");
  }

  /** Those that get a copy of a request that {@code answering} answers. */
  public static List<Deployment> copied(
      List<Deployment> deployments, Deployment answering, IntUnaryOperator chance) {
    return deployments.stream()
        .filter(deployment -> deployment.mirror() > 0 && !deployment.equals(answering))
        .filter(deployment -> chance.applyAsInt(PERCENT) < deployment.mirror())
        .toList();
  }
}
