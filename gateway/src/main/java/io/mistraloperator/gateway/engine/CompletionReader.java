package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.FinishReason;
import io.mistraloperator.gateway.chat.ToolCall;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Reads the events of one streamed completion, of a chat or a text, as both servers send them, into
 * canonical ones. The end is told once finish reason and usage are known, or at the end of the
 * stream; tool calls are told whole. After {@link EngineEvent.Finish} or {@link
 * EngineEvent.Failure} nothing more is told. Not thread-safe.
 */
final class CompletionReader {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final Consumer<EngineEvent> sink;
  private final EngineRequest request;
  private final PieceReader.Stream pieceReader = new PieceReader.Stream();
  private Optional<PartialCall> partial = Optional.empty();
  private Optional<FinishReason> finish = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private boolean begun;
  private long pieces;
  private boolean anyCall;
  private boolean ended;

  CompletionReader(EngineRequest request, Consumer<EngineEvent> sink) {
    this.request = request;
    this.sink = sink;
  }

  /** Whether the end was told. */
  boolean ended() {
    return ended;
  }

  /** Reads the data of one event. */
  void read(byte[] data) {
    if (ended) {
      return;
    }
    if (Arrays.equals(data, DONE)) {
      endOfStream();
      return;
    }
    Optional<String> piece = pieceReader.text(data);
    if (piece.isPresent()) {
      piece(piece.get());
      return;
    }
    Optional<JsonNode> chunk = Json.parse(data).filter(JsonNode::isObject);
    if (chunk.isEmpty()) {
      fail();
      return;
    }
    chunk(chunk.get());
  }

  /** The stream is over; without a finish reason the engine died on the way. */
  void endOfStream() {
    if (ended) {
      return;
    }
    if (finish.isPresent()) {
      end();
    } else {
      fail();
    }
  }

  /** The connection broke. */
  void fail() {
    if (!ended) {
      ended = true;
      sink.accept(new EngineEvent.Failure(EngineFailures.midStream()));
    }
  }

  private void piece(String text) {
    if (!begun) {
      begin();
    }
    tell(text, Optional.empty());
    endWhenKnown();
  }

  private void chunk(JsonNode chunk) {
    if (chunk.hasNonNull("error") || "error".equals(chunk.path("object").asText())) {
      fail();
      return;
    }
    if (!begun) {
      begin();
    }
    usage(chunk.path("usage")).ifPresent(count -> usage = Optional.of(count));
    for (JsonNode choice : chunk.path("choices")) {
      // One choice is asked for; whatever else a server makes up is nobody's answer.
      if (choice.path("index").asInt(0) == 0) {
        choice(choice);
      }
    }
    endWhenKnown();
  }

  private void endWhenKnown() {
    if (!ended && finish.isPresent() && usage.isPresent()) {
      end();
    }
  }

  private void begin() {
    begun = true;
    if (!request.prefix().isEmpty()) {
      sink.accept(new EngineEvent.Text(request.prefix(), Optional.empty()));
    }
  }

  private void choice(JsonNode choice) {
    JsonNode delta = choice.path("delta");
    String text = (choice.has("text") ? choice.path("text") : delta.path("content")).asText("");
    Optional<ArrayNode> logprobs = logprobs(TokenLists.entries(choice.path("logprobs")));
    tell(text, logprobs);
    for (JsonNode fragment : delta.path("tool_calls")) {
      fragment(fragment);
    }
    JsonNode reason = choice.path("finish_reason");
    if (reason.isTextual()) {
      switch (reason.textValue()) {
        case "abort", "error" -> fail();
        case "length", "model_length" -> finish = Optional.of(FinishReason.LENGTH);
        case "tool_calls" -> finish = Optional.of(FinishReason.TOOL_CALLS);
        default -> finish = Optional.of(FinishReason.STOP);
      }
    }
  }

  private void tell(String text, Optional<ArrayNode> logprobs) {
    if (!text.isEmpty() || logprobs.isPresent()) {
      pieces++;
      sink.accept(new EngineEvent.Text(text, logprobs));
    }
  }

  private void fragment(JsonNode fragment) {
    pieces++;
    long index = fragment.path("index").asLong(0);
    if (partial.isPresent() && partial.get().index != index) {
      releaseCall();
    }
    PartialCall call = partial.orElseGet(() -> new PartialCall(index));
    partial = Optional.of(call);
    JsonNode function = fragment.path("function");
    if (fragment.path("id").isTextual()) {
      call.id = fragment.path("id").textValue();
    }
    call.name.append(function.path("name").asText(""));
    call.arguments.append(function.path("arguments").asText(""));
  }

  private void releaseCall() {
    PartialCall call = partial.orElseThrow();
    partial = Optional.empty();
    if (anyCall && !request.parallelCalls()) {
      return;
    }
    anyCall = true;
    sink.accept(
        new EngineEvent.Call(
            new ToolCall(call.id, call.name.toString(), call.arguments.toString())));
  }

  private void end() {
    FinishReason reason = finish.orElseThrow();
    if (partial.isPresent() && !(reason == FinishReason.LENGTH && partial.get().broken())) {
      releaseCall();
    }
    ended = true;
    // Servers say "stop" after a call of a named tool.
    FinishReason told =
        anyCall && reason == FinishReason.STOP
            ? FinishReason.TOOL_CALLS
            : !anyCall && reason == FinishReason.TOOL_CALLS ? FinishReason.STOP : reason;
    sink.accept(
        new EngineEvent.Finish(
            told, usage.orElseGet(() -> new Usage(request.promptEstimate(), pieces))));
  }

  private static Optional<Usage> usage(JsonNode node) {
    OptionalLong prompt = count(node.path("prompt_tokens"));
    OptionalLong completion = count(node.path("completion_tokens"));
    return prompt.isPresent() && completion.isPresent()
        ? Optional.of(new Usage(prompt.getAsLong(), completion.getAsLong()))
        : Optional.empty();
  }

  private static OptionalLong count(JsonNode node) {
    return node.isIntegralNumber() ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
  }

  private Optional<ArrayNode> logprobs(JsonNode content) {
    if (!content.isArray() || content.isEmpty()) {
      return Optional.empty();
    }
    ArrayNode entries = Json.array();
    for (JsonNode entry : content) {
      ObjectNode clean = token(entry);
      ArrayNode top = clean.putArray("top_logprobs");
      for (JsonNode other : entry.path("top_logprobs")) {
        if (top.size() < request.topLogprobs()) {
          top.add(token(other));
        }
      }
      entries.add(clean);
    }
    return Optional.of(entries);
  }

  private static ObjectNode token(JsonNode entry) {
    ObjectNode clean = Json.object();
    clean.set("token", entry.path("token"));
    clean.set("logprob", entry.path("logprob"));
    clean.set("bytes", entry.hasNonNull("bytes") ? entry.get("bytes") : null);
    return clean;
  }

  private static final class PartialCall {
    private final long index;
    private final StringBuilder name = new StringBuilder();
    private final StringBuilder arguments = new StringBuilder();
    private String id = "";

    private PartialCall(long index) {
      this.index = index;
    }

    /** Whether the token limit cut the arguments off. */
    private boolean broken() {
      byte[] json = arguments.toString().getBytes(StandardCharsets.UTF_8);
      return Json.parse(json).filter(JsonNode::isObject).isEmpty();
    }
  }
}
