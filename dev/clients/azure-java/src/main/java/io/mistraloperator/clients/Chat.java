package io.mistraloperator.clients;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.models.ChatCompletions;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.ai.inference.models.CompletionsUsage;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import java.time.Duration;
import java.util.List;

/** One chat completion with the Azure AI inference SDK, plain or streamed. */
public final class Chat {
  private static final int REFUSED = 3;

  private final ChatCompletionsClient client;

  private Chat(String endpoint, String key) {
    client =
        new ChatCompletionsClientBuilder()
            .endpoint(endpoint)
            .credential(new AzureKeyCredential(key))
            .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))))
            .buildClient();
  }

  /**
   * Prints the answer.
   *
   * @param arguments complete or stream
   */
  public static void main(String[] arguments) {
    var chat = new Chat(System.getenv("ENDPOINT_URL"), System.getenv("ENDPOINT_KEY"));
    try {
      switch (arguments[0]) {
        case "complete" -> chat.complete();
        case "stream" -> chat.stream();
        default -> throw new IllegalArgumentException("complete or stream, not " + arguments[0]);
      }
    } catch (HttpResponseException refusal) {
      System.out.println("refused: " + refusal.getResponse().getStatusCode());
      System.exit(REFUSED);
    }
    // The SDK leaves threads behind.
    System.exit(0);
  }

  private void complete() {
    ChatCompletions completions = client.complete(options());
    System.out.println(completions.getChoices().get(0).getMessage().getContent());
    print(completions.getUsage());
  }

  private void stream() {
    CompletionsUsage usage = null;
    for (var update : client.completeStream(options())) {
      String content = update.getChoices().get(0).getDelta().getContent();
      if (content != null) {
        System.out.print(content);
      }
      if (update.getUsage() != null) {
        usage = update.getUsage();
      }
    }
    System.out.println();
    print(usage);
  }

  private static ChatCompletionsOptions options() {
    return new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Hi")))
        .setTemperature(0.0);
  }

  private static void print(CompletionsUsage usage) {
    System.out.println("usage: " + usage.getPromptTokens() + " + " + usage.getCompletionTokens());
  }
}
