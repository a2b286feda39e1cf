package io.mistraloperator.gateway.route;

import io.mistraloperator.api.EndpointAuth;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Turns the wire form of accepted credentials into a value. */
final class AccessReader {
  private AccessReader() {}

  /**
   * Reads what a route says.
   *
   * @param project whose own service accounts are always welcome in mode Kubernetes
   * @throws RuntimeException when a part is missing or unknown: nobody must get in by mistake
   */
  static Access read(Optional<EndpointAuth> auth, String project) {
    if (auth.isEmpty()) {
      return new Access.Keys();
    }
    return switch (Objects.requireNonNull(auth.get().mode(), "spec.auth.mode is unknown")) {
      case Key -> new Access.Keys();
      case OIDC -> oidc(Objects.requireNonNull(auth.get().oidc(), "spec.auth.oidc is missing"));
      case Kubernetes -> kubernetes(Optional.ofNullable(auth.get().kubernetes()), project);
    };
  }

  private static Access oidc(EndpointAuth.Oidc oidc) {
    return new Access.Oidc(
        oidc.issuer(),
        oidc.audiences(),
        orNone(oidc.claims()).stream()
            .map(rule -> new Access.ClaimRule(rule.name(), Set.copyOf(rule.values())))
            .toList());
  }

  private static Access kubernetes(Optional<EndpointAuth.Kubernetes> settings, String project) {
    Set<String> groups = new HashSet<>(Set.of("system:serviceaccounts:" + project));
    groups.addAll(orNone(settings.map(EndpointAuth.Kubernetes::groups).orElse(null)));
    return new Access.Kubernetes(
        orNone(settings.map(EndpointAuth.Kubernetes::audiences).orElse(null)),
        Set.copyOf(orNone(settings.map(EndpointAuth.Kubernetes::users).orElse(null))),
        groups);
  }

  private static <T> List<T> orNone(List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
