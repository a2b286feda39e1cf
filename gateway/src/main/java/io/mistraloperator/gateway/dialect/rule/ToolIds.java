package io.mistraloperator.gateway.dialect.rule;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids of tool calls: nine letters and digits (rows A15.4, C2.1). Foreign ids of a history are
 * mapped by a function of the id alone, so that a call and its result still match and nothing is
 * kept.
 */
public final class ToolIds {
  /** Length of every id. */
  public static final int LENGTH = 9;

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private ToolIds() {}

  /** The id of nine for {@code id}; one that has the form already stays. */
  public static String mapped(String id) {
    return wellFormed(id) ? id : hashed(id);
  }

  /** The id of a call that came without one (row C2.4). */
  public static String invented(String name, int index) {
    return hashed(name + '\n' + index);
  }

  /** The id for a call of an answer: the engine's when it is of the form and not {@code used}. */
  public static String minted(String engineId, Set<String> used) {
    if (wellFormed(engineId) && !used.contains(engineId)) {
      return engineId;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    StringBuilder id = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  private static boolean wellFormed(String id) {
    return id.length() == LENGTH && id.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }

  private static String hashed(String id) {
    byte[] digest = sha256(id);
    StringBuilder mapped = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      int pair = (digest[2 * i] & 0xff) << 8 | (digest[2 * i + 1] & 0xff);
      mapped.append(ALPHABET.charAt(pair % ALPHABET.length()));
    }
    return mapped.toString();
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
