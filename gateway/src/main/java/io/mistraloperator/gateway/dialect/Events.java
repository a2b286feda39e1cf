package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.json.Json;
import io.vertx.core.buffer.Buffer;

/**
 * The framing that every client reads (row B4): one data line per event, line feeds, nothing else.
 * Characters outside ASCII are escaped, since some clients decode each network read by itself.
 */
public final class Events {
  private static final String DONE = "data: [DONE]\n\n";

  private Events() {}

  /** Adds one event. */
  public static void append(Buffer out, JsonNode data) {
    out.appendString("data: ").appendString(Json.ascii(data)).appendString("\n\n");
  }

  /** Adds the end. */
  public static void done(Buffer out) {
    out.appendString(DONE);
  }
}
