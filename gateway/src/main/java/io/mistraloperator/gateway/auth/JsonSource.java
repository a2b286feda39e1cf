package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.Optional;

/** Reads documents of issuers. */
final class JsonSource {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 5_000;
  private static final int LARGEST = 1024 * 1024;

  private final HttpClient client;

  /**
   * Makes a source.
   *
   * @param authorities PEM file with the CAs that are trusted; empty: those of the Java platform
   */
  JsonSource(Vertx vertx, Optional<Path> authorities) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(CONNECT_MILLIS)
            .setKeepAlive(false)
            .setVerifyHost(true);
    authorities.ifPresent(
        file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    client = vertx.createHttpClient(options);
  }

  /** The bytes of a JSON document; fails when it cannot be had. */
  Future<byte[]> get(String url) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(url)
            .setTimeout(ANSWER_MILLIS);
    return client
        .request(request)
        .compose(opened -> opened.putHeader("accept", "application/json").send())
        .compose(answer -> read(url, answer));
  }

  private static Future<byte[]> read(String url, HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      return Future.failedFuture(url + " answers " + answer.statusCode());
    }
    Buffer body = Buffer.buffer();
    answer.handler(
        bytes -> {
          body.appendBuffer(bytes);
          if (body.length() > LARGEST) {
            answer.request().reset();
          }
        });
    return answer
        .end()
        .compose(
            end ->
                Json.parse(body.getBytes()).isPresent()
                    ? Future.succeededFuture(body.getBytes())
                    : Future.failedFuture(url + " does not hold JSON"));
  }
}
