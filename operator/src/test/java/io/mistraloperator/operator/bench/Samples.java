package io.mistraloperator.operator.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a program told Prometheus at one moment, or how much that grew between two. */
record Samples(Map<String, Double> bySeries) {
  private static final Pattern LINE = Pattern.compile("^([^#\\s]\\S*?(?:\\{.*})?) (\\S+)$");
  private static final Pattern BOUND = Pattern.compile("le=\"([^\"]+)\"");

  /** Reads the text form. */
  static Samples of(String text) {
    Map<String, Double> series = new TreeMap<>();
    text.lines()
        .map(LINE::matcher)
        .filter(line -> line.matches())
        .forEach(line -> series.put(line.group(1), number(line.group(2))));
    return new Samples(series);
  }

  /** How much each series grew. */
  Samples since(Samples before) {
    Map<String, Double> grown = new TreeMap<>();
    bySeries.forEach(
        (name, value) -> grown.put(name, value - before.bySeries.getOrDefault(name, 0.0)));
    return new Samples(grown);
  }

  /** Sum of all series of a metric whose labels contain all of these texts. */
  double sum(String metric, String... labels) {
    return bySeries.entrySet().stream()
        .filter(entry -> matches(metric, labels).test(entry.getKey()))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The series of a metric. */
  Samples only(String metric) {
    Map<String, Double> some = new TreeMap<>(bySeries);
    some.keySet().removeIf(matches(metric).negate());
    return new Samples(some);
  }

  /**
   * The upper bound of the bucket, in seconds, that a quantile of a histogram lies in.
   *
   * @param quantile between 0 and 1
   */
  double atMost(double quantile, String histogram, String... labels) {
    Map<Double, Double> buckets = new TreeMap<>();
    bySeries.forEach(
        (name, count) -> {
          var bound = BOUND.matcher(name);
          if (matches(histogram + "_bucket", labels).test(name) && bound.find()) {
            buckets.merge(number(bound.group(1)), count, Double::sum);
          }
        });
    double all = buckets.getOrDefault(Double.POSITIVE_INFINITY, 0.0);
    return buckets.entrySet().stream()
        .filter(bucket -> bucket.getValue() >= quantile * all)
        .mapToDouble(Map.Entry::getKey)
        .findFirst()
        .orElse(Double.NaN);
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private static Predicate<String> matches(String metric, String... labels) {
    return name -> {
      boolean named = name.equals(metric) || name.startsWith(metric + "{");
      boolean labelled = true;
      for (String label : labels) {
        labelled &= name.contains(label);
      }
      return named && labelled;
    };
  }
}
