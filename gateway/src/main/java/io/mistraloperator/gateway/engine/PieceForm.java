package io.mistraloperator.gateway.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What stands before and after the text of a chunk. A chunk that begins and ends with the same
 * bytes, with a text between them that JSON leaves as it is, means the same but for that text.
 */
final class PieceForm {
  /** With the quotation mark before the text. */
  private final byte[] before;

  /** With the quotation mark after the text. */
  private final byte[] after;

  private PieceForm(byte[] before, byte[] after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The form of a chunk.
   *
   * @param end where the text's closing quotation mark ends, in bytes; negative when not known
   * @return empty when the text stands otherwise in the chunk than it reads
   */
  static Optional<PieceForm> of(byte[] chunk, String text, long end) {
    int close = (int) end - 1;
    int start = close - text.length();
    boolean found =
        start > 0
            && close < chunk.length
            && chunk[start - 1] == '"'
            && chunk[close] == '"'
            && plain(chunk, start, close)
            && text.equals(ascii(chunk, start, close));
    return found
        ? Optional.of(
            new PieceForm(
                Arrays.copyOf(chunk, start), Arrays.copyOfRange(chunk, close, chunk.length)))
        : Optional.empty();
  }

  /** The text of a chunk of this form; empty when it has another, or its text is not plain. */
  Optional<String> text(byte[] chunk) {
    int close = chunk.length - after.length;
    return close >= before.length
            && Arrays.equals(chunk, 0, before.length, before, 0, before.length)
            && Arrays.equals(chunk, close, chunk.length, after, 0, after.length)
            && plain(chunk, before.length, close)
        ? Optional.of(ascii(chunk, before.length, close))
        : Optional.empty();
  }

  private static String ascii(byte[] chunk, int from, int to) {
    return new String(chunk, from, to - from, StandardCharsets.US_ASCII);
  }

  /** Whether these bytes are ASCII that stands in a JSON string as it is. */
  private static boolean plain(byte[] chunk, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = chunk[i];
      // Bytes of other characters are negative.
      if (b < ' ' || b == '"' || b == '\\') {
        return false;
      }
    }
    return true;
  }
}
