package io.mistraloperator.gateway;

import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * A request before its body.
 *
 * @param method in upper case
 * @param scheme {@code http} or {@code https}
 * @param host without port; empty when the client named none
 * @param path starts with a slash, without query
 * @param query what follows the question mark, as it came; empty when there is none
 * @param headers by name, whatever its case
 */
public record Head(
    String method, String scheme, String host, String path, String query, MultiMap headers) {
  /** The first value of a header. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }
}
