package io.mistraloperator.gateway.boot;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.mistraloperator.gateway.auth.TokenReviewer;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reviews tokens with the cluster's API server. */
final class ClusterTokenReviewer implements TokenReviewer {
  private final KubernetesClient client;

  ClusterTokenReviewer(KubernetesClient client) {
    this.client = client;
  }

  @Override
  public Optional<Reviewed> review(String token, List<String> audiences) {
    TokenReview review =
        client
            .resource(
                new TokenReviewBuilder()
                    .withNewSpec()
                    .withToken(token)
                    .withAudiences(audiences)
                    .endSpec()
                    .build())
            .create();
    TokenReviewStatus status = review.getStatus();
    boolean genuine =
        status != null
            && Boolean.TRUE.equals(status.getAuthenticated())
            // Authenticators that know no audiences leave them out: such a token is not for us.
            && (audiences.isEmpty()
                || !Collections.disjoint(audiences, orNone(status.getAudiences())));
    return genuine
        ? Optional.of(
            new Reviewed(status.getUser().getUsername(), orNone(status.getUser().getGroups())))
        : Optional.empty();
  }

  private static List<String> orNone(List<String> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
