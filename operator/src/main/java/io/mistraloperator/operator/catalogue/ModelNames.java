package io.mistraloperator.operator.catalogue;

import java.util.Locale;

/** Compares names of models, which are spelt in many ways. */
public final class ModelNames {
  private ModelNames() {}

  /**
   * Lower case, without dots, underscores, dashes, slashes and spaces: names that become equal mean
   * one model.
   */
  public static String normalise(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[ ./_-]", "");
  }

  /** Edit distance of Levenshtein. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
