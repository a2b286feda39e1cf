package io.mistraloperator.gateway.observe;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a request stands in a trace (W3C Trace Context).
 *
 * @param traceId 32 hexadecimal digits, shared by all parts of the trace
 * @param spanId 16 hexadecimal digits: the gateway's part
 * @param parentId 16 hexadecimal digits: the client's part; empty when the gateway began the trace
 * @param flags two hexadecimal digits, as the client sent them
 * @param state what tracing systems told each other; handed on unread
 */
public record TraceContext(
    String traceId,
    String spanId,
    Optional<String> parentId,
    String flags,
    Optional<String> state) {
  /** Headers that clients send and engines get. */
  public static final String PARENT = "traceparent";

  /** Goes with {@link #PARENT}. */
  public static final String STATE = "tracestate";

  private static final Pattern FORM =
      Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);
  private static final String SAMPLED = "01";
  private static final int LONGEST_STATE = 512;

  /**
   * The gateway's part of the client's trace, or of a new one where the client has none or its
   * header cannot be read.
   */
  public static TraceContext of(
      Optional<String> parent, Optional<String> state, RandomGenerator random) {
    return parent
        .map(FORM::matcher)
        .filter(TraceContext::valid)
        .map(
            matcher ->
                new TraceContext(
                    matcher.group(2),
                    span(random),
                    Optional.of(matcher.group(3)),
                    matcher.group(4),
                    state.filter(text -> text.length() <= LONGEST_STATE)))
        .orElseGet(
            () ->
                new TraceContext(
                    span(random) + span(random),
                    span(random),
                    Optional.empty(),
                    SAMPLED,
                    Optional.empty()));
  }

  private static boolean valid(Matcher matcher) {
    return matcher.matches()
        && !matcher.group(2).equals(NO_TRACE)
        && !matcher.group(3).equals(NO_SPAN)
        // Only later versions may have more.
        && (matcher.group(5) == null || !matcher.group(1).equals("00"));
  }

  private static String span(RandomGenerator random) {
    // Zero means none.
    return HexFormat.of().toHexDigits(random.nextLong(1, Long.MAX_VALUE));
  }

  /** The headers for those whom the gateway calls. */
  public Map<String, String> headers() {
    Map<String, String> headers = new HashMap<>();
    headers.put(PARENT, "00-" + traceId + "-" + spanId + "-" + flags);
    state.ifPresent(text -> headers.put(STATE, text));
    return headers;
  }
}
