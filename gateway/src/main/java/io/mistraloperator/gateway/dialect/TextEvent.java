package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * An event that is the same each time but for one text: what stands before and after that is
 * written once. Its bytes are those of {@link Events#append}.
 */
final class TextEvent {
  private static final String MARK = "<text>";

  private final byte[] before;
  private final byte[] after;

  private TextEvent(byte[] before, byte[] after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The events that {@code data} makes.
   *
   * @param data makes an event's data, in which no string after the text holds it
   */
  static TextEvent like(Function<String, JsonNode> data) {
    Buffer event = Buffer.buffer();
    Events.append(event, data.apply(MARK));
    String whole = event.toString(StandardCharsets.US_ASCII);
    int at = whole.lastIndexOf(MARK);
    // The quotation marks of the text belong to the text.
    return new TextEvent(
        whole.substring(0, at - 1).getBytes(StandardCharsets.US_ASCII),
        whole.substring(at + MARK.length() + 1).getBytes(StandardCharsets.US_ASCII));
  }

  /** Adds one event. */
  void append(Buffer out, String text) {
    out.appendBytes(before);
    if (plain(text)) {
      out.appendByte((byte) '"')
          .appendBytes(text.getBytes(StandardCharsets.US_ASCII))
          .appendByte((byte) '"');
    } else {
      out.appendString(Json.ascii(TextNode.valueOf(text)));
    }
    out.appendBytes(after);
  }

  /** Whether the text stands in JSON as it is. */
  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
