package io.mistraloperator.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The certificate and key that a Secret mounts into a directory.
 *
 * @param directory holds {@code tls.crt} and {@code tls.key}, perhaps not yet
 */
public record TlsFiles(Path directory) {
  /**
   * A certificate with its key.
   *
   * @param certificate PEM, leaf first
   * @param key PEM
   */
  public record Pair(Buffer certificate, Buffer key) {
    /** The pair for a server. */
    public PemKeyCertOptions options() {
      return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
    }
  }

  /** What is there now; empty while a file is missing. */
  public Optional<Pair> read() {
    try {
      // A mounted Secret is swapped as a whole by a link: both files must be of one side of it.
      Path certificate = directory.resolve("tls.crt").toRealPath();
      Path key = certificate.resolveSibling("tls.key");
      return Optional.of(
          new Pair(
              Buffer.buffer(Files.readAllBytes(certificate)),
              Buffer.buffer(Files.readAllBytes(key))));
    } catch (IOException notThereYet) {
      return Optional.empty();
    }
  }
}
