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
  private static final byte[] LINE_FEED = {'\n'};

  private final Consumer<byte[]> sink;

  /** The beginning of a line whose end is still to come. */
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
    byte[] read = bytes.getBytes();
    int from = 0;
    if (afterCarriageReturn && read.length > 0) {
      afterCarriageReturn = false;
      from = read[0] == '\n' ? 1 : 0;
    }
    while (from < read.length) {
      int end = lineEnd(read, from);
      if (end == read.length) {
        keep(read, from, end);
        return;
      }
      if (lineLength == 0) {
        endLine(read, from, end);
      } else {
        keep(read, from, end);
        int length = lineLength;
        lineLength = 0;
        endLine(line, 0, length);
      }
      from = end + 1;
      if (read[end] == '\r') {
        afterCarriageReturn = from == read.length;
        from += !afterCarriageReturn && read[from] == '\n' ? 1 : 0;
      }
    }
  }

  private static int lineEnd(byte[] bytes, int from) {
    int end = from;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    return end;
  }

  private void keep(byte[] bytes, int from, int to) {
    line = append(line, lineLength, bytes, from, to);
    lineLength += to - from;
  }

  private void endLine(byte[] bytes, int from, int to) {
    if (from == to) {
      endEvent();
      return;
    }
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    if (Arrays.equals(bytes, from, colon, DATA, 0, DATA.length)) {
      int value = Math.min(colon + 1, to);
      if (value < to && bytes[value] == ' ') {
        value++;
      }
      if (hasData) {
        data = append(data, dataLength++, LINE_FEED, 0, 1);
      }
      hasData = true;
      data = append(data, dataLength, bytes, value, to);
      dataLength += to - value;
    }
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

  private static byte[] append(byte[] array, int at, byte[] bytes, int from, int to) {
    int length = at + to - from;
    if (length > EVENT_LIMIT) {
      throw new IllegalStateException("an event of more than " + EVENT_LIMIT + " bytes");
    }
    byte[] room =
        length <= array.length
            ? array
            : Arrays.copyOf(array, Math.max(length, Math.min(2 * array.length, EVENT_LIMIT)));
    System.arraycopy(bytes, from, room, at, to - from);
    return room;
  }
}
