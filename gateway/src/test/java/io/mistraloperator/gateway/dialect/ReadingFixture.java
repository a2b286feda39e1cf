package io.mistraloperator.gateway.dialect;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.Routes;
import java.nio.charset.StandardCharsets;

/** Reads bodies of chat requests. */
abstract class ReadingFixture {
  static final String USER = "\"messages\":[{\"content\":\"Hi\",\"role\":\"user\"}]";

  static final String TOOLS =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}},"
          + "{\"type\":\"function\",\"function\":{\"name\":\"g\"}}]";
  static final Dialect.Chat AZURE = new Dialect.Azure();

  static final Dialect.Chat MISTRAL = new Dialect.Mistral();

  static ChatRequest read(Dialect.Chat dialect, String rest) {
    return read(dialect, rest, Extras.Mode.ERROR, Routes.CHAT);
  }

  static ChatRequest read(Dialect.Chat dialect, String rest, Extras.Mode mode, ModelFacts model) {
    String json = "{" + USER + (rest.isEmpty() ? "" : "," + rest) + "}";
    return dialect.read(object(json), mode, model);
  }

  static ObjectNode object(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  static Refusal refusal(Dialect.Chat dialect, String rest) {
    return catchThrowableOfType(Refusal.class, () -> read(dialect, rest));
  }
}
