package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.route.Access;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;

/** Whether a genuine identity may call an endpoint. */
final class Rights {
  private Rights() {}

  /**
   * Decides by claims.
   *
   * @param projectsClaim claim that must name the endpoint's project, where the platform has one
   */
  static boolean allow(
      Access.Oidc access,
      Optional<String> projectsClaim,
      String project,
      Verdict.Genuine identity) {
    return projectsClaim.map(claim -> identity.claim(claim).contains(project)).orElse(true)
        && access.claims().stream()
            .allMatch(rule -> common(rule.values(), identity.claim(rule.name())));
  }

  /** Decides by user and groups. */
  static boolean allow(Access.Kubernetes access, Verdict.Genuine identity) {
    return common(access.users(), identity.claim(Verdict.Genuine.USER))
        || common(access.groups(), identity.claim(Verdict.Genuine.GROUPS));
  }

  private static boolean common(Set<String> wanted, Set<String> given) {
    return !Collections.disjoint(wanted, given);
  }
}
