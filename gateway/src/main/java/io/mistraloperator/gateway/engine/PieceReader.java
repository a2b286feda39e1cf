package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mistraloperator.gateway.json.Json;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads the one chunk that makes up nearly all of a stream, a piece of text and nothing else,
 * without building a tree. It decides nothing: whatever it does not know is left to {@link
 * CompletionReader}.
 */
final class PieceReader {
  private Optional<String> text = Optional.empty();
  private long textEnd;
  private boolean choices;
  private boolean delta;

  private PieceReader() {}

  /** The pieces of one stream, most of which differ in nothing but their text. */
  static final class Stream {
    private Optional<PieceForm> form = Optional.empty();

    /**
     * The text of a chunk that has one choice, the first, with a text and no more news; empty for
     * every other chunk, and for what is no JSON.
     */
    Optional<String> text(byte[] data) {
      Optional<String> same = form.flatMap(like -> like.text(data));
      return same.isPresent() ? same : read(data);
    }

    private Optional<String> read(byte[] data) {
      try (JsonParser json = Json.parser(data)) {
        PieceReader reader = new PieceReader();
        boolean plain = json.nextToken() == JsonToken.START_OBJECT && reader.chunk(json);
        if (!plain || json.nextToken() != null) {
          return Optional.empty();
        }
        reader
            .text
            .flatMap(piece -> PieceForm.of(data, piece, reader.textEnd))
            .ifPresent(like -> form = Optional.of(like));
        return reader.text;
      } catch (IOException notJson) {
        return Optional.empty();
      }
    }
  }

  private boolean chunk(JsonParser json) throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      boolean plain =
          switch (name) {
            case "choices" -> value == JsonToken.START_ARRAY && !choices && choice(json);
            case "object" -> value == JsonToken.VALUE_STRING && !"error".equals(json.getText());
            case "error", "usage" -> value == JsonToken.VALUE_NULL;
            default -> skipped(json);
          };
      if (!plain) {
        return false;
      }
    }
    return json.currentToken() == JsonToken.END_OBJECT;
  }

  /** The only element of the array that has begun. */
  private boolean choice(JsonParser json) throws IOException {
    choices = true;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      boolean plain =
          switch (name) {
            case "index" -> value == JsonToken.VALUE_NUMBER_INT && "0".equals(json.getText());
            case "delta" -> value == JsonToken.START_OBJECT && !delta && delta(json);
            case "text" -> taken(json, value);
            case "finish_reason", "logprobs" -> value == JsonToken.VALUE_NULL;
            default -> skipped(json);
          };
      if (!plain) {
        return false;
      }
    }
    return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == JsonToken.END_ARRAY;
  }

  private boolean delta(JsonParser json) throws IOException {
    delta = true;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      boolean plain =
          switch (name) {
            case "content" -> taken(json, value);
            case "tool_calls" -> value == JsonToken.VALUE_NULL;
            default -> skipped(json);
          };
      if (!plain) {
        return false;
      }
    }
    return json.currentToken() == JsonToken.END_OBJECT;
  }

  /** A second text, or delta, would leave open which one counts. */
  private boolean taken(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING || text.isPresent()) {
      return false;
    }
    text = Optional.of(json.getText());
    textEnd = json.currentLocation().getByteOffset();
    return true;
  }

  private static boolean skipped(JsonParser json) throws IOException {
    json.skipChildren();
    return true;
  }
}
