package io.mistraloperator.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.Events;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Writes errors, and is the only one to do so (row B7). The envelope holds each part that some
 * client reads: {@code error} for Azure and OpenAI clients, the {@code detail} list for Mistral's,
 * the flat twins for the documented samples.
 */
final class ErrorWriter {
  private ErrorWriter() {}

  /** Answers with {@code refusal}; completes when it is sent. */
  static Future<Void> answer(HttpServerResponse response, Refusal refusal) {
    response.setStatusCode(refusal.code().status());
    response.putHeader("content-type", "application/json");
    response.putHeader("x-ms-error-code", refusal.code().word());
    refusal
        .retryAfter()
        .ifPresent(
            after -> {
              response.putHeader("retry-after", Long.toString(after.toSeconds()));
              response.putHeader("retry-after-ms", Long.toString(after.toMillis()));
            });
    if (!refusal.allowedMethods().isEmpty()) {
      response.putHeader("allow", String.join(", ", refusal.allowedMethods()));
    }
    if (refusal.code() == ErrorCode.UNAUTHORIZED) {
      response.putHeader("www-authenticate", "Bearer");
    }
    return response.end(Json.bytes(envelope(refusal)));
  }

  /** Events that end an open answer: the error, then the end that readers wait for (row B4). */
  static Buffer events(Refusal refusal) {
    Buffer out = Buffer.buffer();
    ObjectNode event = Json.object();
    event.set("error", error(refusal));
    Events.append(out, event);
    Events.done(out);
    return out;
  }

  /** The document of {@code refusal}. */
  static ObjectNode envelope(Refusal refusal) {
    ObjectNode envelope = Json.object();
    envelope.set("error", error(refusal));
    envelope.put("status", refusal.code().status());
    envelope.put("code", refusal.code().word());
    envelope.put("message", refusal.getMessage());
    if (refusal.code().status() == 422) {
      envelope.set("detail", detail(refusal.problems()));
    } else {
      envelope.put("detail", refusal.getMessage());
    }
    return envelope;
  }

  private static ObjectNode error(Refusal refusal) {
    ObjectNode error = Json.object();
    error.put("code", refusal.code().word());
    error.put("message", refusal.getMessage());
    error.put("status", refusal.code().status());
    error.put("param", param(refusal.problems()));
    error.put("type", refusal.code().type());
    return error;
  }

  private static String param(List<Problem> problems) {
    if (problems.isEmpty()) {
      return null;
    }
    List<String> loc = problems.getFirst().loc();
    return String.join(".", loc.subList(Math.min(1, loc.size()), loc.size()));
  }

  private static ArrayNode detail(List<Problem> problems) {
    ArrayNode list = Json.array();
    for (Problem problem : problems) {
      ObjectNode entry = list.addObject();
      ArrayNode loc = entry.putArray("loc");
      problem.loc().forEach(loc::add);
      entry.put("msg", problem.message());
      entry.put("type", problem.type());
      entry.set("input", problem.input().filter(given -> !given.isMissingNode()).orElse(null));
    }
    return list;
  }
}
