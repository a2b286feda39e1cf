package io.mistraloperator.operator.kube;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests. */
public final class Hashes {
  private Hashes() {}

  /** SHA-256 of the UTF-8 bytes in lower-case hex. */
  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The first {@code length} hex digits of {@link #sha256}. */
  public static String brief(String text, int length) {
    return sha256(text).substring(0, length);
  }
}
