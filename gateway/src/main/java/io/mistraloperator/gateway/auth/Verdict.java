package io.mistraloperator.gateway.auth;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What became of the check of a token. */
sealed interface Verdict {
  /** The token is not one that the endpoint takes. */
  record Invalid() implements Verdict {}

  /**
   * The token is genuine.
   *
   * @param claims values by claim; what is not text or a list of texts is left out
   * @param expires seconds since 1970 after which it is not
   */
  record Genuine(Map<String, Set<String>> claims, long expires) implements Verdict {
    static final String USER = "sub";
    static final String GROUPS = "groups";

    /** Takes a copy of the claims. */
    public Genuine {
      claims = Map.copyOf(claims);
    }

    /** The values of a claim; none where it is missing. */
    Set<String> claim(String name) {
      return claims.getOrDefault(name, Set.of());
    }

    /** An identity of the cluster. */
    static Genuine of(String user, List<String> groups) {
      return new Genuine(Map.of(USER, Set.of(user), GROUPS, Set.copyOf(groups)), Long.MAX_VALUE);
    }
  }
}
