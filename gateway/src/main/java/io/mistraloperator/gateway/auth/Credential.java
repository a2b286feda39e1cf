package io.mistraloperator.gateway.auth;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The secrets that a request brings (rows A7.1, A7.2, A7.4, A7.5). */
public final class Credential {
  private static final String BEARER = "bearer ";

  private Credential() {}

  /**
   * The secrets in the order in which they count: {@code Authorization}, with or without {@code
   * Bearer}, then {@code api-key}, then {@code x-api-key} (row G4).
   *
   * @param header gives the value of a header by its lower-case name
   */
  public static List<String> in(Function<String, Optional<String>> header) {
    return Stream.of(
            header.apply("authorization").map(Credential::withoutScheme),
            header.apply("api-key"),
            header.apply("x-api-key"))
        .flatMap(Optional::stream)
        .map(String::strip)
        .filter(secret -> !secret.isEmpty())
        .toList();
  }

  private static String withoutScheme(String value) {
    boolean bearer = value.regionMatches(true, 0, BEARER, 0, BEARER.length());
    return bearer ? value.substring(BEARER.length()) : value;
  }
}
