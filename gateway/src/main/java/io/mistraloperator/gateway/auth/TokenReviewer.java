package io.mistraloperator.gateway.auth;

import java.util.List;
import java.util.Optional;

/** Asks the cluster whose token it is (TokenReview). Called by many threads, may block them. */
public interface TokenReviewer {
  /**
   * Who somebody is.
   *
   * @param user name
   * @param groups that the user is in
   */
  record Reviewed(String user, List<String> groups) {
    /** Takes a copy of the groups. */
    public Reviewed {
      groups = List.copyOf(groups);
    }
  }

  /**
   * Reviews a token.
   *
   * @param audiences one of which it must be for; empty: the API server's own
   * @return empty when the token is not genuine
   * @throws RuntimeException when the cluster cannot be asked
   */
  Optional<Reviewed> review(String token, List<String> audiences);
}
