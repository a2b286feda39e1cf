package io.mistraloperator.gateway.engine.sse;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Finds the events in a stream of bytes. Lines end with LF, CR or CRLF; several data lines of one
 * event are joined by LF; an event without data is none. What follows the last empty line is not an
 * event (WHATWG HTML, section 9.2.6). Not thread-safe.
 */
public final class SseReader {
  /** Bytes that one event may have. */
  public static final int EVENT_LIMIT = 8 * 1024 * 1024;

  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);

  private final Consumer<byte[]> sink;
  private byte[] line = new byte[512];
  private int lineLength;
  private byte[] data = new byte[512];
  private int dataLength;
  private boolean hasData;
  private boolean afterCarriageReturn;

  /**
   * Makes a reader.
   *
   * @param sink gets the data of each event, without its last line end
   */
  public SseReader(Consumer<byte[]> sink) {
    this.sink = sink;
  }

  /**
   * Reads on.
   *
   * @throws IllegalStateException when an event is longer than {@link #EVENT_LIMIT}
   */
  public void read(Buffer bytes) {
    for (int i = 0, n = bytes.length(); i < n; i++) {
      byte b = bytes.getByte(i);
      boolean secondHalfOfLineEnd = b == '\n' && afterCarriageReturn;
      afterCarriageReturn = b == '\r';
      if (secondHalfOfLineEnd) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        endLine();
      } else {
        line = append(line, lineLength++, b);
      }
    }
  }

  private void endLine() {
    if (lineLength == 0) {
      endEvent();
      return;
    }
    int colon = 0;
    while (colon < lineLength && line[colon] != ':') {
      colon++;
    }
    if (colon == DATA.length && Arrays.equals(line, 0, colon, DATA, 0, DATA.length)) {
      int from = Math.min(colon + 1, lineLength);
      if (from < lineLength && line[from] == ' ') {
        from++;
      }
      if (hasData) {
        data = append(data, dataLength++, (byte) '\n');
      }
      hasData = true;
      for (int i = from; i < lineLength; i++) {
        data = append(data, dataLength++, line[i]);
      }
    }
    lineLength = 0;
  }

  private void endEvent() {
    if (!hasData) {
      return;
    }
    byte[] event = Arrays.copyOf(data, dataLength);
    hasData = false;
    dataLength = 0;
    sink.accept(event);
  }

  private static byte[] append(byte[] array, int at, byte b) {
    if (at >= EVENT_LIMIT) {
      throw new IllegalStateException("an event of more than " + EVENT_LIMIT + " bytes");
    }
    byte[] room = at < array.length ? array : Arrays.copyOf(array, array.length * 2);
    room[at] = b;
    return room;
  }
}
