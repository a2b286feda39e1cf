package io.mistraloperator.operator.traffic;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How an endpoint's requests are shared (row D2.4).
 *
 * @param weights by name of the deployment, 0 to 100; they need not add up to 100
 * @param standing how the weights came about
 * @param message that in words, for people
 */
public record Split(Map<String, Integer> weights, Standing standing, String message) {
  private static final int ALL = 100;

  /** How weights came about; the words are reasons of a condition. */
  public enum Standing {
    /** There is one deployment, which says nothing. */
    OnlyDeployment,
    /** As the deployments say. */
    AsAsked,
    /** No deployment says anything. */
    FirstHasAll,
    /** What they say adds up to neither 100 nor 0. */
    SumNotHundred,
    /** One that is to have a share cannot answer yet. */
    NotReadyForTraffic
  }

  /** Takes a sorted copy of the weights. */
  public Split {
    weights = java.util.Collections.unmodifiableMap(new TreeMap<>(weights));
  }

  /**
   * The split that is to be in force. It depends on {@code before} only where nothing is asked for,
   * or what is asked for cannot be: then what was stays, so that no order of changes loses a
   * request.
   *
   * @param shares of all deployments of the endpoint, oldest first, at least one
   * @param before weights in force, by name; names that are gone do not matter
   */
  public static Split of(List<Share> shares, Map<String, Integer> before) {
    if (shares.stream().noneMatch(share -> share.asked().isPresent())) {
      return first(shares, before);
    }
    int sum = shares.stream().mapToInt(Split::percent).sum();
    Map<String, Integer> asked = weights(shares, Split::percent);
    if (sum != 0 && sum != ALL) {
      var kept = kept(shares, before, asked);
      return new Split(
          kept,
          Standing.SumNotHundred,
          "spec.traffic of the deployments of this endpoint adds up to "
              + sum
              + ", not to 100 or 0 ("
              + words(shares)
              + "): change it so that it does; until then "
              + inForce(shares, kept));
    }
    var late =
        shares.stream()
            .filter(share -> percent(share) > 0 && !share.able())
            .filter(share -> before.getOrDefault(share.name(), 0) == 0)
            .map(Share::name)
            .toList();
    var kept = kept(shares, before, asked);
    return late.isEmpty() || kept.equals(asked)
        ? new Split(asked, Standing.AsAsked, inForce(shares, asked))
        : new Split(
            kept,
            Standing.NotReadyForTraffic,
            String.join(", ", late)
                + " cannot answer yet; the split that is asked for ("
                + words(shares)
                + ") begins by itself once it can; until then "
                + inForce(shares, kept));
  }

  /** Whether the split is what the project asked for. */
  public boolean asWanted() {
    return switch (standing) {
      case OnlyDeployment, AsAsked, FirstHasAll -> true;
      case SumNotHundred, NotReadyForTraffic -> false;
    };
  }

  /** Percent of the requests that a deployment gets, rounded. */
  public int percentOf(String name) {
    return percentOf(name, weights);
  }

  private static int percentOf(String name, Map<String, Integer> weights) {
    int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
    return sum == 0 ? 0 : Math.round(weights.getOrDefault(name, 0) * (float) ALL / sum);
  }

  /**
   * Who has all goes on; a deployment that comes, or one whose spec could not be carried out until
   * now, takes nothing from it.
   */
  private static Split first(List<Share> shares, Map<String, Integer> before) {
    String first =
        shares.stream()
            .max(
                Comparator.comparing((Share share) -> before.getOrDefault(share.name(), 0))
                    .thenComparing(share -> before.containsKey(share.name()) || share.able())
                    // The list has the oldest first.
                    .thenComparing(share -> -shares.indexOf(share)))
            .orElseThrow()
            .name();
    var weights = weights(shares, share -> share.name().equals(first) ? ALL : 0);
    return shares.size() == 1
        ? new Split(weights, Standing.OnlyDeployment, "the only deployment has all requests")
        : new Split(
            weights,
            Standing.FirstHasAll,
            "no deployment of this endpoint says spec.traffic: "
                + first
                + ", the first that answered, has all requests; the header azureml-model-deployment"
                + " reaches the others");
  }

  /** What was in force; where nobody is left who had a share, what is asked for, in proportion. */
  private static Map<String, Integer> kept(
      List<Share> shares, Map<String, Integer> before, Map<String, Integer> asked) {
    var kept = weights(shares, share -> before.getOrDefault(share.name(), 0));
    return kept.values().stream().anyMatch(weight -> weight > 0) ? kept : asked;
  }

  private static int percent(Share share) {
    return share.asked().orElse(0);
  }

  private static Map<String, Integer> weights(List<Share> shares, Function<Share, Integer> weight) {
    return shares.stream()
        .collect(Collectors.toMap(Share::name, weight, (one, other) -> one, TreeMap::new));
  }

  private static String words(List<Share> shares) {
    return shares.stream().map(Share::words).collect(Collectors.joining(", "));
  }

  private static String inForce(List<Share> shares, Map<String, Integer> weights) {
    Predicate<Share> some = share -> weights.getOrDefault(share.name(), 0) > 0;
    return shares.stream().noneMatch(some)
        ? "no deployment has requests without the header azureml-model-deployment"
        : "requests are shared "
            + shares.stream()
                .map(share -> share.name() + " " + percentOf(share.name(), weights))
                .collect(Collectors.joining(", "));
  }
}
