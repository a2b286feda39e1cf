package io.mistraloperator.gateway.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonGeneratorDelegate;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Optional;

/** Reads and writes JSON trees. */
public final class Json {
  /**
   * Names, values, brackets and braces of one document. Small values take many times their bytes as
   * a tree; the longest context of a model holds fewer messages than these make.
   */
  private static final long MOST_TOKENS = 250_000;

  private static final int DEEPEST = 1000;

  private static final JsonMapper MAPPER = mapper(Long.MAX_VALUE);

  /** For what clients write. */
  private static final JsonMapper BOUNDED = mapper(MOST_TOKENS);

  private static final ObjectWriter ASCII =
      MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

  private static final JsonFactory LINES =
      new JsonFactoryBuilder().rootValueSeparator("\n").build();

  private Json() {}

  private static JsonMapper mapper(long mostTokens) {
    return JsonMapper.builder(
            JsonFactory.builder()
                // An image is one string; bodies are bounded before they come here.
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNestingDepth(DEEPEST)
                        .maxTokenCount(mostTokens)
                        .build())
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();
  }

  /** A new, empty object. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** A new, empty array. */
  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The one JSON value in {@code bytes}; empty when that is not what they hold. */
  public static Optional<JsonNode> parse(byte[] bytes) {
    return parse(MAPPER, bytes);
  }

  /** The one JSON value in what a client sent; empty also when it has more than can be read. */
  public static Optional<JsonNode> body(byte[] bytes) {
    return parse(BOUNDED, bytes);
  }

  private static Optional<JsonNode> parse(JsonMapper mapper, byte[] bytes) {
    try {
      JsonNode node = mapper.readTree(bytes);
      return node == null || node.isMissingNode() ? Optional.empty() : Optional.of(node);
    } catch (IOException notJson) {
      return Optional.empty();
    }
  }

  /**
   * Why {@link #body} found nothing in {@code bytes}, for people: only where, never what stands
   * there.
   */
  public static String fault(byte[] bytes) {
    try {
      BOUNDED.readTree(bytes);
      return "nothing was sent";
    } catch (StreamConstraintsException tooMuch) {
      return "more than "
          + DEEPEST
          + " levels, more than "
          + MOST_TOKENS
          + " names, values and brackets, or a number or name of more digits or letters than can be read";
    } catch (JsonProcessingException notJson) {
      JsonLocation place = notJson.getLocation();
      return "not JSON at line " + place.getLineNr() + ", column " + place.getColumnNr();
    } catch (IOException notText) {
      return "not UTF-8";
    }
  }

  /**
   * Reads {@code bytes} token by token.
   *
   * @throws IOException when not even their encoding can be told
   */
  public static JsonParser parser(byte[] bytes) throws IOException {
    return MAPPER.createParser(bytes);
  }

  /** Writes JSON values to {@code text}, with a line end between two. */
  public static JsonGenerator lines(Writer text) {
    try {
      return LINES.createGenerator(text);
    } catch (IOException e) {
      throw new UncheckedIOException("a writer of JSON writes nothing when it is made", e);
    }
  }

  /** UTF-8 bytes of {@code node}. */
  public static Buffer bytes(JsonNode node) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder();
        JsonGenerator json = new LongTexts(MAPPER.createGenerator(bytes))) {
      MAPPER.writeTree(json, node);
      json.flush();
      return Buffer.buffer(bytes.toByteArray());
    } catch (IOException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** Writes long texts from blocks of characters: several times faster than one by one. */
  private static final class LongTexts extends JsonGeneratorDelegate {
    private static final int LONG = 4096;

    private LongTexts(JsonGenerator json) {
      super(json, false);
    }

    @Override
    public void writeString(String text) throws IOException {
      if (text.length() < LONG) {
        super.writeString(text);
      } else {
        super.writeString(new StringReader(text), text.length());
      }
    }
  }

  /** {@code node} as text, every character outside ASCII escaped. */
  public static String ascii(JsonNode node) {
    try {
      return ASCII.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }
}
