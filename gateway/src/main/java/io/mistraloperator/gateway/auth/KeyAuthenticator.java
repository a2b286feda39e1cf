package io.mistraloperator.gateway.auth;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** Checks secrets against the digests of an endpoint's keys. */
public final class KeyAuthenticator {
  private KeyAuthenticator() {}

  /**
   * Lets a request in.
   *
   * @param secrets what it brings, see {@link Credential#in}
   * @param digests SHA-256 of each accepted key
   * @throws Refusal when no secret is an accepted key
   */
  public static void check(List<String> secrets, List<byte[]> digests) {
    present(secrets);
    if (!fits(secrets, digests)) {
      throw Refusal.of(ErrorCode.UNAUTHORIZED, "The key is not one of this endpoint's keys.");
    }
  }

  /**
   * Wants a secret, whichever.
   *
   * @throws Refusal when the request brings none
   */
  public static void present(List<String> secrets) {
    if (secrets.isEmpty()) {
      throw Refusal.of(
          ErrorCode.UNAUTHORIZED,
          "A key is missing: send it as 'Authorization: Bearer <key>' or 'api-key: <key>'.");
    }
  }

  /** Whether one of {@code secrets} is an accepted key. */
  public static boolean fits(List<String> secrets, List<byte[]> digests) {
    boolean accepted = false;
    for (String secret : secrets) {
      byte[] given = sha256(secret);
      for (byte[] digest : digests) {
        accepted |= MessageDigest.isEqual(given, digest);
      }
    }
    return accepted;
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
