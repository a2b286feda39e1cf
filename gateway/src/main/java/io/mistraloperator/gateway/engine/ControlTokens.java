package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Part;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.Tools;
import java.util.ArrayList;
import java.util.List;

/**
 * Text that a server would read as control tokens of the model (row C2): whoever can write {@code
 * [AVAILABLE_TOOLS]} or {@code </s>} into a message could speak as the application or the model. A
 * space behind the bracket makes text of it again, and a person still reads the same. Needed where
 * a server makes one text of the conversation before it tokenizes; vLLM in Mistral mode does not.
 */
public final class ControlTokens {
  private static final List<Generation> GENERATIONS =
      List.of(
          // The turns of v1 are plain text, but they are turns all the same.
          new Generation(Tokenizer.V1, List.of("<s>", "</s>", "<unk>", "[INST]", "[/INST]")),
          new Generation(
              Tokenizer.V2,
              List.of(
                  "[TOOL_CALLS]",
                  "[AVAILABLE_TOOLS]",
                  "[/AVAILABLE_TOOLS]",
                  "[TOOL_RESULTS]",
                  "[/TOOL_RESULTS]")),
          new Generation(
              Tokenizer.V3,
              List.of(
                  "[IMG]",
                  "[IMG_BREAK]",
                  "[IMG_END]",
                  "[PREFIX]",
                  "[MIDDLE]",
                  "[SUFFIX]",
                  "[control_",
                  "<pad>",
                  "<SPECIAL_")),
          new Generation(
              Tokenizer.V7, List.of("[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]")),
          new Generation(
              Tokenizer.V11Tekken, List.of("[ARGS]", "[CALL_ID]", "[AUDIO]", "[BEGIN_AUDIO]")),
          new Generation(Tokenizer.V13Tekken, List.of("[THINK]", "[/THINK]")),
          new Generation(Tokenizer.V15Tekken, List.of("[MODEL_SETTINGS]", "[/MODEL_SETTINGS]")));

  private final List<String> square;
  private final List<String> angle;

  private ControlTokens(List<String> tokens) {
    this.square = tokens.stream().filter(token -> token.startsWith("[")).toList();
    this.angle = tokens.stream().filter(token -> token.startsWith("<")).toList();
  }

  /** Tokens that came with a generation; later ones have them too. */
  private record Generation(Tokenizer first, List<String> tokens) {}

  /** The tokens of a generation. */
  public static ControlTokens of(Tokenizer tokenizer) {
    return new ControlTokens(
        GENERATIONS.stream()
            .filter(generation -> generation.first.compareTo(tokenizer) <= 0)
            .flatMap(generation -> generation.tokens.stream())
            .toList());
  }

  /** The same request, its texts without control tokens. */
  public ChatRequest inert(ChatRequest request) {
    return request.withTexts(
        request.messages().stream().map(this::inert).toList(), inert(request.tools()));
  }

  private Message inert(Message message) {
    List<ToolCall> calls =
        message.toolCalls().stream()
            .map(call -> new ToolCall(call.id(), inert(call.name()), inert(call.arguments())))
            .toList();
    List<Part> parts = message.parts().stream().map(this::inert).toList();
    return new Message(message.role(), parts, calls, message.toolCallId());
  }

  private Part inert(Part part) {
    return part instanceof Part.Text(String text) ? new Part.Text(inert(text)) : part;
  }

  private Tools inert(Tools tools) {
    List<ObjectNode> offered = new ArrayList<>();
    for (ObjectNode tool : tools.offered()) {
      ObjectNode copy = tool.deepCopy();
      descriptions(copy);
      offered.add(copy);
    }
    return new Tools(offered, tools.choice(), tools.parallel());
  }

  /** Names and values of a schema are what the model must write; its descriptions are only read. */
  private void descriptions(JsonNode node) {
    if (node instanceof ObjectNode object && object.path("description").isTextual()) {
      object.put("description", inert(object.path("description").textValue()));
    }
    node.forEach(this::descriptions);
  }

  /** {@code text} without control tokens; the same when it has none. */
  String inert(String text) {
    StringBuilder inert = new StringBuilder();
    int done = 0;
    int nextSquare = text.indexOf('[');
    int nextAngle = text.indexOf('<');
    while (nextSquare >= 0 || nextAngle >= 0) {
      boolean squared = nextAngle < 0 || nextSquare >= 0 && nextSquare < nextAngle;
      int at = squared ? nextSquare : nextAngle;
      if (begins(text, at, squared ? square : angle)) {
        inert.append(text, done, at + 1).append(' ');
        done = at + 1;
      }
      // Each is looked for from its own last place: a page of HTML may have no square bracket at
      // all.
      if (squared) {
        nextSquare = text.indexOf('[', at + 1);
      } else {
        nextAngle = text.indexOf('<', at + 1);
      }
    }
    return done == 0 ? text : inert.append(text, done, text.length()).toString();
  }

  private static boolean begins(String text, int at, List<String> tokens) {
    for (String token : tokens) {
      if (text.startsWith(token, at)) {
        return true;
      }
    }
    return false;
  }
}
