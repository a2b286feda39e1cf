package io.mistraloperator.gateway.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The secrets that a request brings (rows A7.1, A7.2, A7.4, A7.5). */
public final class Credential {
  private static final String BEARER = "bearer";

  private Credential() {}

  /**
   * The secrets in the order in which they count: {@code Authorization}, with or without {@code
   * Bearer}, then {@code api-key}, then {@code x-api-key} (row G4).
   *
   * @param header gives the value of a header by its lower-case name
   */
  public static List<String> in(Function<String, Optional<String>> header) {
    List<String> secrets = new ArrayList<>();
    add(secrets, header.apply("authorization").map(Credential::withoutScheme));
    add(secrets, header.apply("api-key"));
    add(secrets, header.apply("x-api-key"));
    return secrets;
  }

  private static void add(List<String> secrets, Optional<String> value) {
    value.map(String::strip).filter(secret -> !secret.isEmpty()).ifPresent(secrets::add);
  }

  /** A scheme without a secret is none: blanks at the end of a header never arrive. */
  private static String withoutScheme(String value) {
    int end = BEARER.length();
    boolean bearer =
        value.regionMatches(true, 0, BEARER, 0, end)
            && (value.length() == end || Character.isWhitespace(value.charAt(end)));
    return bearer ? value.substring(end) : value;
  }
}
