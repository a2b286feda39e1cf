package io.mistraloperator.gateway.dialect;

import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What every part of one answer repeats.
 *
 * @param id 32 lower-case hexadecimal digits (row A9.5)
 * @param created seconds since 1970
 * @param model name of the deployed model (row A9.6)
 */
public record AnswerHead(String id, long created, String model) {
  /** The head of a new answer. */
  public static AnswerHead create(Instant now, String model) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    HexFormat hex = HexFormat.of();
    String id = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    return new AnswerHead(id, now.getEpochSecond(), model);
  }
}
