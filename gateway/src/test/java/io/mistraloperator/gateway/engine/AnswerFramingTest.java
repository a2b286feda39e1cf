package io.mistraloperator.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.engine.sse.SseReader;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.testing.EngineScript;
import io.mistraloperator.gateway.testing.Routes;
import io.mistraloperator.gateway.testing.Seed;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("C5 whatever an engine sends and however it is cut, clients read the same")
class AnswerFramingTest {
  private static final int SCRIPTS = 500;
  private static final int SPLITS_OF_EACH = 20;
  private static final AnswerHead HEAD = new AnswerHead("0".repeat(32), 7, "Mistral-Test");

  /** A request for three choices. */
  private static ChatRequest request(boolean stream) {
    return read("\"n\":3,\"stream\":" + stream);
  }

  private static ChatRequest read(String parameters) {
    String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + parameters + "}";
    return new Dialect.Azure().read((ObjectNode) json(body), Extras.Mode.PASS_THROUGH, Routes.CHAT);
  }

  /** What the gateway makes of a stream that comes in these pieces and then ends. */
  private static List<EngineEvent> events(byte[] bytes, int length, int... cuts) {
    List<EngineEvent> events = new ArrayList<>();
    CompletionReader reader =
        new CompletionReader(
            new EngineRequest(Api.CHAT, new Payload(Buffer.buffer()), Map.of(), "", 5, 0, true),
            events::add);
    SseReader lines = new SseReader(reader::read);
    int from = 0;
    for (int cut : cuts) {
      lines.read(Buffer.buffer(Arrays.copyOfRange(bytes, from, cut)));
      from = cut;
    }
    lines.read(Buffer.buffer(Arrays.copyOfRange(bytes, from, length)));
    reader.endOfStream();
    return events;
  }

  private static String shaped(List<EngineEvent> events) {
    Shaper shaper = new Dialect.Azure().shaper(HEAD, read("\"stream\":true"));
    Buffer out = Buffer.buffer();
    events.forEach(event -> out.appendBuffer(shaper.shape(0, event)));
    return out.toString();
  }

  private static int[] cuts(Random random, int length) {
    return random.ints(random.nextInt(1, 12), 0, length).sorted().toArray();
  }

  @Test
  @DisplayName(
      "B4.1 to B4.7, C5: 10,000 random cuts, and every byte alone: the same bytes for the client")
  void cutAnywhere() {
    for (int i = 0; i < SCRIPTS; i++) {
      int number = i;
      Random random = Seed.random(i);
      EngineScript script = EngineScript.of(random);
      int length = script.bytes().length;
      String whole = shaped(events(script.bytes(), length));
      assertFraming(whole, script, i);

      int[] everyByte = IntStream.range(1, length).toArray();
      assertThat(shaped(events(script.bytes(), length, everyByte)))
          .as(Seed.words(i))
          .isEqualTo(whole);
      for (int j = 0; j < SPLITS_OF_EACH; j++) {
        int[] cuts = cuts(random, length);
        assertThat(shaped(events(script.bytes(), length, cuts)))
            .as(() -> Seed.words(number) + ", cut at " + Arrays.toString(cuts))
            .isEqualTo(whole);
      }
    }
  }

  /** The strictest of the readers: one data line and one empty line for each event. */
  private static void assertFraming(String stream, EngineScript script, int number) {
    assertThat(stream.chars())
        .as(Seed.words(number))
        .allMatch(c -> c == '\n' || c >= 32 && c < 127);
    String[] lines = stream.split("\n", -1);
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    JsonNode last = Json.object();
    for (int i = 0; i + 2 < lines.length; i += 2) {
      assertThat(lines[i]).as(Seed.words(number)).startsWith("data: ");
      assertThat(lines[i + 1]).as(Seed.words(number)).isEmpty();
      if (i + 4 < lines.length) {
        last = json(lines[i].substring("data: ".length()));
        JsonNode choice = last.path("choices").path(0);
        text.append(choice.path("delta").path("content").asText());
        choice
            .path("delta")
            .path("tool_calls")
            .forEach(call -> calls.add(call.path("function").path("name").asText()));
      }
    }
    assertThat(stream).as(Seed.words(number)).endsWith("\n\ndata: [DONE]\n\n");
    assertThat(text).as(Seed.words(number)).hasToString(script.text());
    assertThat(calls).as(Seed.words(number)).isEqualTo(script.calls());
    assertThat(last.path("choices").path(0).path("finish_reason").asText())
        .as(Seed.words(number))
        .isEqualTo(script.finishReason());
    assertThat(last.path("usage").path("prompt_tokens").asInt())
        .as(Seed.words(number))
        .isEqualTo(5);
    if (script.usage()) {
      assertThat(last.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
    }
  }

  private static JsonNode json(String text) {
    return Json.parse(text.getBytes(StandardCharsets.UTF_8)).orElseThrow();
  }

  @Test
  @DisplayName(
      "A19.8, C5 several choices, interleaved anyhow: the stream adds up to the plain answer")
  void interleavedChoices() {
    for (int i = 0; i < SCRIPTS; i++) {
      Random random = Seed.random(i);
      List<Deque<EngineEvent>> waiting = new ArrayList<>();
      for (int choice = 0; choice < 3; choice++) {
        byte[] bytes = EngineScript.of(random).bytes();
        waiting.add(new ArrayDeque<>(events(bytes, bytes.length)));
      }
      Shaper streaming = new Dialect.Azure().shaper(HEAD, request(true));
      Shaper plain = new Dialect.Azure().shaper(HEAD, request(false));
      Buffer stream = Buffer.buffer();
      Buffer document = Buffer.buffer();
      while (waiting.stream().anyMatch(events -> !events.isEmpty())) {
        int choice = random.nextInt(3);
        if (!waiting.get(choice).isEmpty()) {
          EngineEvent event = waiting.get(choice).remove();
          stream.appendBuffer(streaming.shape(choice, event));
          document.appendBuffer(plain.shape(choice, event));
        }
      }

      JsonNode whole = json(document.toString());
      assertThat(whole.path("choices")).as(Seed.words(i)).hasSize(3);
      for (int choice = 0; choice < 3; choice++) {
        assertAddsUp(stream.toString(), whole.path("choices").path(choice), choice, i);
      }
      assertThat(stream.toString().split("\"usage\"", -1)).as(Seed.words(i)).hasSize(2);
      assertThat(stream.toString()).as(Seed.words(i)).endsWith("}}\n\ndata: [DONE]\n\n");
    }
  }

  private static void assertAddsUp(String stream, JsonNode whole, int index, int number) {
    StringBuilder text = new StringBuilder();
    List<String> calls = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (String line : stream.split("\n\n")) {
      JsonNode choice =
          line.endsWith("[DONE]")
              ? Json.object()
              : json(line.substring("data: ".length())).path("choices").path(0);
      if (choice.path("index").asInt(-1) == index) {
        text.append(choice.path("delta").path("content").asText());
        choice.path("delta").path("tool_calls").forEach(call -> calls.add(called(call)));
        if (choice.path("finish_reason").isTextual()) {
          reasons.add(choice.path("finish_reason").textValue());
        }
      }
    }
    List<String> plainCalls = new ArrayList<>();
    whole.path("message").path("tool_calls").forEach(call -> plainCalls.add(called(call)));
    assertThat(text)
        .as(Seed.words(number))
        .hasToString(whole.path("message").path("content").asText());
    assertThat(calls).as(Seed.words(number)).isEqualTo(plainCalls);
    assertThat(reasons)
        .as(Seed.words(number))
        .containsExactly(whole.path("finish_reason").asText());
  }

  private static String called(JsonNode call) {
    JsonNode function = call.path("function");
    return function.path("name").asText() + function.path("arguments").asText();
  }

  @Test
  @DisplayName(
      "B4.11 death at any byte: what was told stands, then one failure, or the whole answer")
  void deathAnywhere() {
    for (int i = 0; i < 40; i++) {
      EngineScript script = EngineScript.of(Seed.random(i));
      List<EngineEvent> whole = events(script.bytes(), script.bytes().length);
      for (int length = 0; length < script.bytes().length; length++) {
        List<EngineEvent> events = events(script.bytes(), length);
        EngineEvent last = events.getLast();
        List<EngineEvent> told = events.subList(0, events.size() - 1);

        assertThat(whole.subList(0, told.size())).as(Seed.words(i) + "@" + length).isEqualTo(told);
        assertThat(told)
            .noneMatch(
                event ->
                    event instanceof EngineEvent.Failure || event instanceof EngineEvent.Finish);
        if (last instanceof EngineEvent.Finish) {
          assertThat(events).hasSameSizeAs(whole);
        } else {
          assertThat(last).as(Seed.words(i) + "@" + length).isInstanceOf(EngineEvent.Failure.class);
        }
      }
    }
  }
}
