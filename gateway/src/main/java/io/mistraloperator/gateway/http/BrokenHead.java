package io.mistraloperator.gateway.http;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/** Says what is wrong with a request whose head is no HTTP that can be read (row B7.4). */
final class BrokenHead {
  private BrokenHead() {}

  /**
   * The refusal.
   *
   * @param cause what the decoder says; not shown, since it may hold what was sent
   * @param longestLine bytes of method, URL and version together
   * @param largestHeaders bytes of all headers together
   */
  static Refusal refusal(Throwable cause, int longestLine, int largestHeaders) {
    return switch (cause) {
      case TooLongHttpLineException line ->
          Refusal.of(
              ErrorCode.URI_TOO_LONG,
              "Method and URL may have at most " + longestLine + " bytes (given more).");
      case TooLongHttpHeaderException headers ->
          Refusal.of(
              ErrorCode.HEADERS_TOO_LARGE,
              "All headers together may have at most " + largestHeaders + " bytes (given more).");
      case HeadWatch.UnknownVersionException version ->
          Refusal.of(
              ErrorCode.BAD_REQUEST,
              "The version of HTTP must be HTTP/1.1 or HTTP/1.0, or HTTP/2 over TLS (given another"
                  + " in the first line of the request).");
      case null, default ->
          Refusal.of(
              ErrorCode.BAD_REQUEST,
              "The head of the request is not HTTP: check the line with method and URL, names and"
                  + " values of headers (no control characters), and Content-Length.");
    };
  }
}
