package io.mistraloperator.clients;

import com.azure.ai.inference.models.ChatCompletionsFunctionToolDefinition;
import com.azure.ai.inference.models.ChatCompletionsToolDefinition;
import com.azure.ai.inference.models.ChatRequestMessage;
import com.azure.ai.inference.models.ChatRequestSystemMessage;
import com.azure.ai.inference.models.ChatRequestUserMessage;
import com.azure.ai.inference.models.FunctionCall;
import com.azure.ai.inference.models.FunctionDefinition;
import com.azure.core.util.BinaryData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tool that the tiny models know to call, and the question for it. */
final class Weather {
  private static final String PARAMETERS =
      """
      {"type": "object",
       "properties": {"city": {"type": "string", "description": "The name of the city"}},
       "required": ["city"]}
      """;

  /** A call in short, and the tool's answer: JSON as text. */
  record Answer(String called, String result) {}

  private Weather() {}

  static List<ChatCompletionsToolDefinition> tools() {
    return List.of(
        new ChatCompletionsFunctionToolDefinition(
            new FunctionDefinition("get_weather")
                .setDescription("Get the weather")
                .setParameters(BinaryData.fromString(PARAMETERS))));
  }

  /** A conversation to go on with. */
  static List<ChatRequestMessage> question() {
    return new ArrayList<>(
        List.of(
            new ChatRequestSystemMessage("You are a helpful assistant."),
            new ChatRequestUserMessage("What is the weather in Paris today?")));
  }

  /** Does what a call asks for. */
  static Answer answer(FunctionCall call) {
    if (!call.getName().equals("get_weather")) {
      throw new AssertionError("there is no tool " + call.getName());
    }
    Object city = BinaryData.fromString(call.getArguments()).toObject(Map.class).get("city");
    return new Answer(
        "get_weather(%s)".formatted(city), "{\"info\": \"It rains in %s.\"}".formatted(city));
  }
}
