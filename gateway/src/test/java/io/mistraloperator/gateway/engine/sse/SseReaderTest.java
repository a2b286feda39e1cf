package io.mistraloperator.gateway.engine.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("B4.1 events out of bytes, however they are cut")
class SseReaderTest {
  private static List<String> read(byte[] bytes, int... cuts) {
    List<String> events = new ArrayList<>();
    SseReader reader = new SseReader(data -> events.add(new String(data, StandardCharsets.UTF_8)));
    int from = 0;
    for (int cut : cuts) {
      reader.read(Buffer.buffer(bytes).slice(from, cut));
      from = cut;
    }
    reader.read(Buffer.buffer(bytes).slice(from, bytes.length));
    return events;
  }

  private static List<String> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void plainEvents() {
    assertThat(read("data: a\n\ndata: b\n\n")).containsExactly("a", "b");
  }

  @Test
  void everyLineEnd() {
    assertThat(read("data: a\r\n\r\ndata: b\r\rdata: c\n\n")).containsExactly("a", "b", "c");
  }

  @Test
  void commentsAndOtherFieldsAreDropped() {
    assertThat(
            read(
                ": ping\n\n:\n\nevent: x\nid: 1\nretry: 5\ndata: a\n\nevent: lonely\n\ndatax: b\n\ndat: c\n\n"))
        .containsExactly("a");
  }

  @Test
  void severalDataLinesAreOneEvent() {
    assertThat(read("data: a\ndata:b\ndata\ndata:  c\n\n")).containsExactly("a\nb\n\n c");
  }

  @Test
  void anEventThatWasNotEndedIsNone() {
    assertThat(read("data: a\n\ndata: b\n")).containsExactly("a");
  }

  @Test
  void anEmptyDataLineIsAnEvent() {
    assertThat(read("data:\n\n\n\n")).containsExactly("");
  }

  @Test
  void anEventWithoutEndIsRefused() {
    SseReader reader = new SseReader(data -> {});
    Buffer piece = Buffer.buffer("data: " + "x".repeat(1024 * 1024));

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                reader.read(piece);
              }
            })
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void tenThousandRandomStreamsCutAtRandom() {
    Random random = new Random(20261121);
    for (int round = 0; round < 10_000; round++) {
      List<String> expected = new ArrayList<>();
      byte[] bytes = stream(random, expected).getBytes(StandardCharsets.UTF_8);
      int[] cuts = random.ints(random.nextInt(12), 0, bytes.length + 1).sorted().toArray();

      assertThat(read(bytes, cuts)).isEqualTo(expected);
    }
  }

  @Test
  void oneByteAtATime() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<String> expected = new ArrayList<>();
      byte[] bytes = stream(random, expected).getBytes(StandardCharsets.UTF_8);
      int[] cuts = new int[bytes.length];
      for (int i = 0; i < cuts.length; i++) {
        cuts[i] = i;
      }

      assertThat(read(bytes, cuts)).isEqualTo(expected);
    }
  }

  /** A stream with everything in it, and the events that it holds. */
  private static String stream(Random random, List<String> events) {
    String[] ends = {"\n", "\r\n", "\r"};
    String[] texts = {"", "a", "{\"x\":1}", "héllo wörld", "日本語 🙂", " lead", "a:b", "[DONE]"};
    StringBuilder stream = new StringBuilder();
    for (int event = random.nextInt(6); event >= 0; event--) {
      // One kind of line end per event: a lone CR before an LF would read as one line end.
      String end = ends[random.nextInt(ends.length)];
      List<String> lines = new ArrayList<>();
      for (int line = random.nextInt(3); line >= 0; line--) {
        if (random.nextInt(3) == 0) {
          stream.append(": ping ").append(texts[random.nextInt(texts.length)]).append(end);
        }
        String text = texts[random.nextInt(texts.length)];
        stream.append("data: ").append(text).append(end);
        lines.add(text);
      }
      stream.append(end);
      events.add(String.join("\n", lines));
      if (end.equals("\r")) {
        stream.append(": apart\n");
      }
    }
    return stream.toString();
  }
}
