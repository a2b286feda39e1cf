package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Deployment;
import java.time.Instant;

/** Answers about an endpoint that no engine is asked for. */
final class Documents {
  /** Row B6: what the container of a managed endpoint says of itself. */
  static final JsonNode HEALTHY = TextNode.valueOf("healthy");

  private Documents() {}

  /** Rows A8 and B1. */
  static ObjectNode info(ModelFacts model) {
    return Json.object()
        .put("model_name", model.name())
        .put("model_type", model.task().modelType())
        .put("model_provider_name", model.provider());
  }

  /**
   * The list that OpenAI and Mistral clients read (row B6).
   *
   * @param created when the endpoint was made
   */
  static ObjectNode models(Deployment deployment, Instant created) {
    ModelFacts model = deployment.model();
    ObjectNode list = Json.object().put("object", "list");
    ObjectNode entry = list.putArray("data").addObject();
    entry.put("id", model.name());
    entry.put("object", "model");
    // Mistral's clients choose the class of an entry by it and read no entry without.
    entry.put("type", "base");
    entry.put("created", created.getEpochSecond());
    entry.put("owned_by", model.provider());
    entry.put("max_context_length", model.contextLength());
    entry
        .putObject("capabilities")
        .put("completion_chat", model.task() == Task.ChatCompletions)
        .put("completion_fim", false)
        .put("function_calling", model.tools())
        .put("fine_tuning", false)
        .put("vision", model.vision());
    return list;
  }
}
