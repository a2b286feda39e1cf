package io.mistraloperator.gateway.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random answer of an engine: what it says, and one of the many ways in which servers and proxies
 * may put that on the wire.
 *
 * @param text what a client must read
 * @param calls names of the tools that it calls
 * @param finishReason as a client must read it
 * @param usage whether the engine counts tokens
 * @param bytes the stream
 */
public record EngineScript(
    String text, List<String> calls, String finishReason, boolean usage, byte[] bytes) {
  private static final String[] PIECES = {
    "Hello", " ", "ü", "日本", "🙂", "\n\n", "data: x", "\"", "\\", "\u2028", "é", "{}", "[DONE]"
  };

  /** The script that {@code random} makes. */
  public static EngineScript of(Random random) {
    return new Maker(random).make();
  }

  private static final class Maker {
    private final Random random;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final StringBuilder text = new StringBuilder();
    private final List<String> calls = new ArrayList<>();
    private final String lineEnd;
    private final int usagePlace;

    private Maker(Random random) {
      this.random = random;
      this.lineEnd = List.of("\n", "\r\n", "\r").get(random.nextInt(3));
      this.usagePlace = random.nextInt(5);
    }

    private EngineScript make() {
      event(chunk(Json.object().put("role", "assistant").putNull("content"), null));
      if (usagePlace == 0) {
        event(object(StubEngine.usage(5, 3)));
      }
      for (int i = random.nextInt(8); i > 0; i--) {
        String piece = PIECES[random.nextInt(PIECES.length)];
        text.append(piece);
        event(chunk(Json.object().put("content", piece), null));
      }
      for (int i = random.nextInt(3); i > 0; i--) {
        call("f" + calls.size());
      }
      String reason = random.nextInt(4) == 0 ? "length" : calls.isEmpty() ? "stop" : "tool_calls";
      ObjectNode end = Json.object();
      if (random.nextBoolean()) {
        end.put("content", "é");
        text.append("é");
      }
      event(chunk(end, reason));
      if (usagePlace == 1) {
        event(object(StubEngine.usage(5, 3)));
      }
      if (random.nextInt(4) > 0) {
        line("data: [DONE]");
        line("");
      }
      return new EngineScript(text.toString(), calls, reason, usagePlace < 3, bytes.toByteArray());
    }

    private void call(String name) {
      int index = calls.size();
      calls.add(name);
      String id = "abc0dF1g" + index;
      String head =
          "{\"tool_calls\":[{\"index\":%d,\"id\":\"%s\",\"function\":{\"name\":\"%s\"}}]}"
              .formatted(index, id, name);
      event(chunk(object(head), null));
      for (String fragment : List.of("{\\\"a\\\":", "\\\"ü🙂\\\"", "}")) {
        event(
            chunk(
                object(
                    "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"%s\"}}]}"
                        .formatted(index, fragment)),
                null));
      }
    }

    private ObjectNode chunk(ObjectNode delta, String reason) {
      ObjectNode chunk = object(StubEngine.chunk(delta.toString(), reason));
      if (usagePlace == 2) {
        chunk.set("usage", object(StubEngine.usage(5, 3)).path("usage"));
      }
      return chunk;
    }

    private void event(ObjectNode chunk) {
      noise();
      String json = chunk.toString();
      // A line feed is white space to JSON and a line of its own to events.
      String[] lines =
          random.nextInt(4) == 0
              ? json.replaceFirst("\\{", "{\n").replaceFirst(",\"id\"", "\n,\"id\"").split("\n")
              : new String[] {json};
      for (String each : lines) {
        line((random.nextBoolean() ? "data: " : "data:") + each);
      }
      line("");
    }

    private void noise() {
      if (random.nextInt(5) == 0) {
        line(": ping");
        line("");
      }
      if (random.nextInt(8) == 0) {
        line("event: message");
        line("id: 7");
      }
    }

    private void line(String line) {
      bytes.writeBytes((line + lineEnd).getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode object(String json) {
      return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }
  }
}
