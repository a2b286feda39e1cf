package io.mistraloperator.gateway;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.Dialect;
import java.util.List;

/** What a request asks of its endpoint (row B0). */
sealed interface Operation {
  /** {@code GET /info}. */
  record Info() implements Operation {}

  /** {@code GET /v1/models}. */
  record Models() implements Operation {}

  /** A chat completion. */
  record Chat(Dialect dialect) implements Operation {}

  /** The word in metrics and logs. */
  default String word() {
    return switch (this) {
      case Info() -> "info";
      case Models() -> "models";
      case Chat(Dialect dialect) -> dialect.word();
    };
  }

  /**
   * The operation of a verb and a path.
   *
   * @throws Refusal when there is none
   */
  static Operation of(String method, String path) {
    return switch (path) {
      case "/info" -> checked("GET", method, path, new Info());
      case "/v1/models" -> checked("GET", method, path, new Models());
      case "/chat/completions" -> checked("POST", method, path, new Chat(new Dialect.Azure()));
      case "/v1/chat/completions" -> checked("POST", method, path, new Chat(new Dialect.Mistral()));
      default ->
          throw Refusal.of(
              ErrorCode.NOT_FOUND,
              "The endpoint has no such path; it serves /info, /chat/completions,"
                  + " /v1/chat/completions and /v1/models.");
    };
  }

  private static Operation checked(String wanted, String method, String path, Operation found) {
    if (!wanted.equals(method)) {
      throw Refusal.method(method, path, List.of(wanted));
    }
    return found;
  }
}
