package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A streamed answer, read as the strictest client reads it (section B4 of the contract). */
public final class ChatStream implements AutoCloseable {
  private static final String DATA = "data: ";
  private static final String DONE = "[DONE]";

  private final int status;
  private final BufferedReader lines;
  private final List<JsonNode> chunks = new ArrayList<>();
  private boolean done;

  ChatStream(int status, InputStream body) {
    this.status = status;
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** The next chunk, or empty after the end mark. */
  public Optional<JsonNode> next() {
    String line = line();
    if (line == null) {
      assertThat(done).as("the stream ends with [DONE]").isTrue();
      return Optional.empty();
    }
    assertThat(line).as("an event").startsWith(DATA).doesNotEndWith("\r");
    assertThat(line()).as("the line after an event").isEmpty();
    assertThat(done).as("an event after [DONE]").isFalse();
    String data = line.substring(DATA.length());
    if (data.equals(DONE)) {
      done = true;
      return next();
    }
    JsonNode chunk = Application.json(data);
    chunks.add(chunk);
    return Optional.of(chunk);
  }

  /** Reads the rest of the stream. */
  public ChatStream toEnd() {
    while (next().isPresent()) {
      // next() keeps the chunks
    }
    return this;
  }

  /** Text of the chunks read so far. */
  public String text() {
    return chunks.stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText(""))
        .collect(Collectors.joining());
  }

  /** Chunks read so far. */
  public List<JsonNode> chunks() {
    return List.copyOf(chunks);
  }

  /** Usage on the last chunk, as prompt + completion = total. */
  public String usage() {
    return Application.usage(chunks.getLast().path("usage"));
  }

  /** Finish reason on the last chunk. */
  public String finishReason() {
    return chunks.getLast().at("/choices/0/finish_reason").asText();
  }

  private String line() {
    try {
      return lines.readLine();
    } catch (IOException failed) {
      throw new UncheckedIOException("after " + chunks.size() + " chunks: " + failed, failed);
    }
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
