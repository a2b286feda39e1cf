package io.mistraloperator.gateway.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.engine.sse.SseReader;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a request and each of its tokens cost, without any network. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class HotPathBenchmark {
  private static final int CHUNKS = 64;
  private static final String CHUNK =
      "{\"id\":\"chatcmpl-0123456789abcdef\",\"object\":\"chat.completion.chunk\",\"created\":1764000000,"
          + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" token%d\"},"
          + "\"logprobs\":null,\"finish_reason\":null}]}";
  private static final ModelFacts MODEL =
      new ModelFacts(
          "Bench",
          "Mistral AI",
          Task.ChatCompletions,
          Tokenizer.V3,
          1 << 20,
          true,
          true,
          false,
          true,
          false);

  @State(Scope.Thread)
  public static class Request {
    /** Bytes of the prompt. */
    @Param({"1000", "400000"})
    int promptBytes;

    byte[] body;

    @Setup
    public void write() {
      ObjectNode json = Json.object().put("model", "bench").put("max_tokens", 8);
      json.putArray("messages")
          .addObject()
          .put("role", "user")
          .put(
              "content",
              "lorem ipsum dolor ".repeat(promptBytes / 18 + 1).substring(0, promptBytes));
      body = Json.bytes(json).getBytes();
    }
  }

  private Buffer events;
  private byte[][] chunks;
  private Shaper shaper;

  @Setup
  public void prepare() {
    chunks = new byte[CHUNKS][];
    events = Buffer.buffer();
    for (int i = 0; i < CHUNKS; i++) {
      String chunk = CHUNK.formatted(i);
      chunks[i] = chunk.getBytes(StandardCharsets.UTF_8);
      events.appendString("data: " + chunk + "\n\n");
    }
    InferenceRequest streamed =
        read(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}"
                .getBytes(StandardCharsets.UTF_8));
    shaper = new Dialect.Azure().shaper(new AnswerHead("id", 0, "Bench"), streamed);
    shaper.shape(0, new EngineEvent.Text("first", Optional.empty()));
  }

  private static InferenceRequest read(byte[] body) {
    return new Dialect.Azure()
        .read((ObjectNode) Json.parse(body).orElseThrow(), Extras.Mode.ERROR, MODEL);
  }

  /** Finds the events in what an engine sends. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public void scanner(Blackhole sink) {
    new SseReader(sink::consume).read(events);
  }

  /** Reads the text of a chunk. */
  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public void reader(Blackhole sink) {
    PieceReader.Stream stream = new PieceReader.Stream();
    for (byte[] chunk : chunks) {
      sink.consume(stream.text(chunk));
    }
  }

  /** Writes the event of a token. */
  @Benchmark
  public Buffer shaper() {
    return shaper.shape(0, new EngineEvent.Text(" token", Optional.empty()));
  }

  /** Reads a request and checks it. */
  @Benchmark
  public InferenceRequest request(Request request) {
    return read(request.body);
  }

  /** Parses a body and writes it again. */
  @Benchmark
  public Buffer rewritten(Request request) {
    return Json.bytes(Json.parse(request.body).orElseThrow());
  }
}
