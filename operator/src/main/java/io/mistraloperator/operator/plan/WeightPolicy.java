package io.mistraloperator.operator.plan;

import java.util.Optional;

/**
 * The platform's rules for weights.
 *
 * @param offline whether nothing may be fetched over the network
 * @param cacheClaim claim that keeps fetched weights where a deployment does not say; each project
 *     has one of that name
 */
public record WeightPolicy(boolean offline, Optional<String> cacheClaim) {
  /** Everything may be fetched, into the instance's own volume. */
  public static final WeightPolicy OPEN = new WeightPolicy(false, Optional.empty());
}
