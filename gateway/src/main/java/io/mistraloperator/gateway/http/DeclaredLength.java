package io.mistraloperator.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** What a request says of the length of its body. */
final class DeclaredLength {
  private DeclaredLength() {}

  /** Bytes; 0 where it does not say, or says what is no number. */
  static long of(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException notDeclared) {
      return 0;
    }
  }
}
