package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the text of the answer must be. */
public sealed interface AnswerFormat {
  /** Any text. */
  record Text() implements AnswerFormat {}

  /** One JSON object. */
  record JsonObject() implements AnswerFormat {}

  /**
   * JSON of a schema.
   *
   * @param definition {@code {name, schema, description?, strict?}}, name and schema present
   */
  record JsonSchema(ObjectNode definition) implements AnswerFormat {}
}
