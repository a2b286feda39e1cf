package io.mistraloperator.clients;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.models.ChatCompletionsResponseFormat;
import com.azure.ai.inference.models.ChatCompletionsResponseFormatJson;
import com.azure.ai.inference.models.ChatRequestMessage;
import com.azure.ai.inference.models.ChatRequestToolMessage;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the betas spell differently, as beta.1 does. */
final class Edition {
  private Edition() {}

  static ChatRequestMessage toolMessage(String callId, String content) {
    return new ChatRequestToolMessage(content, callId);
  }

  static ChatCompletionsResponseFormat jsonFormat() {
    return new ChatCompletionsResponseFormatJson();
  }

  /** None: this beta offers no model information. */
  static void addSteps(Map<String, Callable<String>> steps, ChatCompletionsClient client) {}
}
