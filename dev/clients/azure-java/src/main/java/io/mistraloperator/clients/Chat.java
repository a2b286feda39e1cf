package io.mistraloperator.clients;

import com.azure.ai.inference.ChatCompletionsClient;
import com.azure.ai.inference.ChatCompletionsClientBuilder;
import com.azure.ai.inference.models.ChatCompletions;
import com.azure.ai.inference.models.ChatCompletionsFunctionToolCall;
import com.azure.ai.inference.models.ChatCompletionsOptions;
import com.azure.ai.inference.models.ChatCompletionsResponseFormatText;
import com.azure.ai.inference.models.ChatCompletionsToolCall;
import com.azure.ai.inference.models.ChatRequestAssistantMessage;
import com.azure.ai.inference.models.ChatRequestMessage;
import com.azure.ai.inference.models.ChatRequestSystemMessage;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.ai.inference.models.CompletionsUsage;
import com.azure.ai.inference.models.StreamingChatCompletionsUpdate;
import com.azure.core.credential.AzureKeyCredential;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.rest.RequestOptions;
import com.azure.core.util.BinaryData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** The Azure AI inference SDK, of any beta: the samples of its documentation. */
public final class Chat {
  private static final List<ChatRequestMessage> HELLO = List.of(new ChatRequestUserMessage("Hi"));
  private static final List<ChatRequestMessage> MESSAGES =
      List.of(
          new ChatRequestSystemMessage("You are a helpful assistant."),
          new ChatRequestUserMessage("How many languages are in the world?"));
  private static final String UNKNOWN_PARAMETER =
      "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"logprobs\": true}";

  private final ChatCompletionsClient client;

  private Chat(String endpoint, String key) {
    client =
        new ChatCompletionsClientBuilder()
            .endpoint(endpoint)
            .credential(new AzureKeyCredential(key))
            .retryOptions(new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1))))
            .buildClient();
  }

  /** Runs all steps. */
  public static void main(String[] arguments) {
    String endpoint = System.getenv("ENDPOINT_URL");
    String key = System.getenv("ENDPOINT_KEY");
    var chat = new Chat(endpoint, key);
    var wrong = new Chat(endpoint, "0".repeat(32));
    var unified = new Chat(System.getenv("UNIFIED_URL"), key);
    Map<String, Callable<String>> steps = new LinkedHashMap<>();
    steps.put("chat", () -> Steps.answered(chat.client.complete(options(HELLO))));
    steps.put("stream", chat::stream);
    steps.put("parameters", chat::parameters);
    steps.put("json", chat::json);
    steps.put("tools", chat::tools);
    steps.put("streamed-tools", chat::streamedTools);
    steps.put("wrong-key", () -> Steps.refused(() -> wrong.client.complete(options(HELLO))));
    steps.put("wrong-key-streaming", () -> Steps.refused(wrong::stream));
    steps.put("bad-value", chat::badValue);
    steps.put("unknown-parameter", chat::unknownParameter);
    steps.put("unified", () -> Steps.answered(unified.select(System.getenv("ENDPOINT_NAME"))));
    steps.put("unified-unknown", () -> Steps.refused(() -> unified.select("no-such-model")));
    Edition.addSteps(steps, chat.client);
    Steps.run(steps);
    // The SDK leaves threads behind.
    System.exit(0);
  }

  private static ChatCompletionsOptions options(List<ChatRequestMessage> messages) {
    return new ChatCompletionsOptions(messages).setTemperature(0.0);
  }

  private ChatCompletions select(String model) {
    return client.complete(options(HELLO).setModel(model));
  }

  private String stream() {
    var text = new StringBuilder();
    String finish = null;
    CompletionsUsage usage = null;
    for (StreamingChatCompletionsUpdate update : client.completeStream(options(HELLO))) {
      var choice = update.getChoices().get(0);
      if (choice.getDelta().getContent() != null) {
        text.append(choice.getDelta().getContent());
      }
      if (choice.getFinishReason() != null) {
        finish = choice.getFinishReason().toString();
        usage = update.getUsage();
      }
    }
    return Steps.answered(text.toString(), finish, usage);
  }

  private String parameters() {
    return Steps.answered(
        client.complete(
            options(MESSAGES)
                .setPresencePenalty(0.1)
                .setFrequencyPenalty(0.8)
                .setMaxTokens(2048)
                .setStop(List.of("<|endoftext|>"))
                .setTopP(1.0)
                .setResponseFormat(new ChatCompletionsResponseFormatText())));
  }

  private String json() {
    var completions = client.complete(options(MESSAGES).setResponseFormat(Edition.jsonFormat()));
    return completions.getChoices().get(0).getMessage().getContent();
  }

  private String tools() {
    List<ChatRequestMessage> messages = Weather.question();
    var choice = client.complete(withTools(messages)).getChoices().get(0);
    return followUp(
        messages, choice.getMessage().getToolCalls(), choice.getFinishReason().toString());
  }

  private String streamedTools() {
    List<ChatRequestMessage> messages = Weather.question();
    List<ChatCompletionsToolCall> calls = new ArrayList<>();
    String finish = null;
    for (StreamingChatCompletionsUpdate update : client.completeStream(withTools(messages))) {
      var choice = update.getChoices().get(0);
      if (choice.getDelta().getToolCalls() != null) {
        for (var call : choice.getDelta().getToolCalls()) {
          calls.add(new ChatCompletionsFunctionToolCall(call.getId(), call.getFunction()));
        }
      }
      if (choice.getFinishReason() != null) {
        finish = choice.getFinishReason().toString();
      }
    }
    return followUp(messages, calls, finish);
  }

  private String followUp(
      List<ChatRequestMessage> messages, List<ChatCompletionsToolCall> calls, String finish) {
    messages.add(new ChatRequestAssistantMessage("").setToolCalls(calls));
    List<String> called = new ArrayList<>();
    for (ChatCompletionsToolCall call : calls) {
      Weather.Answer answer = Weather.answer(call.getFunction());
      messages.add(Edition.toolMessage(call.getId(), answer.result()));
      called.add(answer.called());
    }
    var answer = client.complete(withTools(messages)).getChoices().get(0).getMessage();
    return "%s [%s] %s".formatted(String.join("; ", called), finish, answer.getContent());
  }

  private static ChatCompletionsOptions withTools(List<ChatRequestMessage> messages) {
    return options(messages).setTools(Weather.tools()).setToolChoice(BinaryData.fromObject("auto"));
  }

  private String badValue() throws Exception {
    return Steps.invalid(() -> client.complete(options(MESSAGES).setPresencePenalty(3.0)));
  }

  private String unknownParameter() throws Exception {
    var body = BinaryData.fromString(UNKNOWN_PARAMETER);
    return Steps.refused(() -> client.completeWithResponse(body, new RequestOptions()));
  }
}
