package io.mistraloperator.operator.keys;

import jakarta.inject.Singleton;
import java.security.SecureRandom;

/** Makes keys: 32 characters of {@code [A-Za-z0-9]} (row A6.5). */
@Singleton
public class KeyGenerator {
  /** Characters of a key. */
  public static final int LENGTH = 32;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  private final SecureRandom random;

  public KeyGenerator(SecureRandom random) {
    this.random = random;
  }

  /** A new key. */
  String next() {
    var key = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      key.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return key.toString();
  }

  /** Whether a value has the form of a key. */
  static boolean isKey(String value) {
    return value.length() == LENGTH && value.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
  }
}
