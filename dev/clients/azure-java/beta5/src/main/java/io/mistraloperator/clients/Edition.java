package io.mistraloperator.clients;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.models.ChatCompletionsResponseFormat;
import com.azure.ai.inference.models.ChatCompletionsResponseFormatJsonObject;
import com.azure.ai.inference.models.ChatRequestMessage;
import com.azure.ai.inference.models.ChatRequestToolMessage;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the betas spell differently, as beta.5 does. */
final class Edition {
  private Edition() {}

  static ChatRequestMessage toolMessage(String callId, String content) {
    return new ChatRequestToolMessage(callId).setContent(content);
  }

  static ChatCompletionsResponseFormat jsonFormat() {
    return new ChatCompletionsResponseFormatJsonObject();
  }

  /** Model information, which beta.1 does not offer. */
  static void addSteps(Map<String, Callable<String>> steps, ChatCompletionsClient client) {
    steps.put("info", () -> info(client));
  }

  private static String info(ChatCompletionsClient client) {
    var model = client.getModelInfo();
    return "%s, %s, %s"
        .formatted(model.getModelName(), model.getModelType(), model.getModelProviderName());
  }
}
