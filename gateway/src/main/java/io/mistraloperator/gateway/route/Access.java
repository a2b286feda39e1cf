package io.mistraloperator.gateway.route;

import java.util.List;
import java.util.Set;

/** With what applications prove who they are (rows A7.1, A7.3, D2.14). */
public sealed interface Access {
  /** One of the route's keys. */
  record Keys() implements Access {}

  /**
   * A token of an OpenID Connect issuer.
   *
   * @param issuer the claim {@code iss}
   * @param audiences one of which the claim {@code aud} must have
   * @param claims all of which must hold
   */
  record Oidc(String issuer, List<String> audiences, List<ClaimRule> claims) implements Access {
    /** Takes copies of the lists. */
    public Oidc {
      audiences = List.copyOf(audiences);
      claims = List.copyOf(claims);
    }
  }

  /**
   * What one claim must say.
   *
   * @param name of the claim
   * @param values one of which it must be, or have
   */
  record ClaimRule(String name, Set<String> values) {
    /** Takes a copy of the values. */
    public ClaimRule {
      values = Set.copyOf(values);
    }
  }

  /**
   * A token that the cluster's API server knows.
   *
   * @param audiences one of which it must be for; empty: the API server's own
   * @param users that may call
   * @param groups whose members may call
   */
  record Kubernetes(List<String> audiences, Set<String> users, Set<String> groups)
      implements Access {
    /** Takes copies of the collections. */
    public Kubernetes {
      audiences = List.copyOf(audiences);
      users = Set.copyOf(users);
      groups = Set.copyOf(groups);
    }
  }
}
