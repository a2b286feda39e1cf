package io.mistraloperator.gateway.dialect.score;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;

/** The answer of the older form: its text, of a base model in a list (row B6.6). */
public final class ScoreShaper implements Shaper {
  private final Task task;
  private final StringBuilder text = new StringBuilder();

  /** A shaper of one answer of a model that does {@code task}. */
  public ScoreShaper(Task task) {
    this.task = task;
  }

  @Override
  public Buffer shape(int choice, EngineEvent event) {
    switch (event) {
      case EngineEvent.Text piece -> text.append(piece.text());
      case EngineEvent.Finish finish -> {
        return Json.bytes(document());
      }
      case EngineEvent.Call call -> throw new IllegalArgumentException("no tools are offered");
      case EngineEvent.Failure failure ->
          throw new IllegalArgumentException("a failure has no shape", failure.reason());
    }
    return Buffer.buffer();
  }

  private ObjectNode document() {
    ObjectNode document = Json.object();
    switch (task) {
      case ChatCompletions -> document.put("output", text.toString());
      case TextGeneration -> document.putArray("output").add(text.toString());
    }
    return document;
  }
}
