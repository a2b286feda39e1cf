package io.mistraloperator.operator.diagnosis;

import java.util.List;
import java.util.regex.Pattern;

/** Finds the line that tells the cause in the end of a log. */
final class LogLines {
  private static final Pattern CAUSE = Pattern.compile("\\b\\w*(Error|Exception): ");

  /** vLLM's last line when its engine process failed; the cause stands further up. */
  private static final String FOLLOW_UP = "Engine core initialization failed";

  private static final int LIMIT = 500;

  private LogLines() {}

  /** The last line that names an error, else the last line; empty when there is none. */
  static String cause(String log) {
    return lines(log).reversed().stream()
        .filter(line -> CAUSE.matcher(line).find() && !line.contains(FOLLOW_UP))
        .findFirst()
        .map(LogLines::bounded)
        .orElseGet(() -> last(log));
  }

  /** The last line; empty when there is none. */
  static String last(String log) {
    return lines(log).reversed().stream().findFirst().map(LogLines::bounded).orElse("");
  }

  private static List<String> lines(String log) {
    return log.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  private static String bounded(String line) {
    return line.length() <= LIMIT ? line : line.substring(0, LIMIT) + "…";
  }
}
