package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** What a client gave, as errors show it: as JSON, and no longer than a person reads (row B7.5). */
public final class Given {
  private static final int LONGEST = 80;

  private Given() {}

  /** A value of a body; says so when there is none. */
  public static String words(JsonNode value) {
    return value.isMissingNode() ? "not given" : "given " + cut(value.toString(), LONGEST);
  }

  /** A value out of a header, a path or a query. Never for credentials. */
  public static String words(String value) {
    return words(TextNode.valueOf(value));
  }

  /** At most {@code longest} characters of {@code text}, and no half of one. */
  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    boolean half = Character.isHighSurrogate(text.charAt(longest - 1));
    return text.substring(0, half ? longest - 1 : longest) + "...";
  }
}
