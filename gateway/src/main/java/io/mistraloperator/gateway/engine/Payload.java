package io.mistraloperator.gateway.engine;

import io.vertx.core.buffer.Buffer;

/**
 * The body of a request to instances, for as long as it may still be sent: a conversation can be
 * large, and an answer to it takes long. Used by one thread.
 */
public final class Payload {
  private static final Buffer NONE = Buffer.buffer(0);

  private Buffer bytes;

  /** Holds {@code bytes}. */
  public Payload(Buffer bytes) {
    this.bytes = bytes;
  }

  /** What to send; empty once it was dropped. */
  Buffer bytes() {
    return bytes;
  }

  /** Bytes that are held. */
  public int length() {
    return bytes.length();
  }

  /** Holds it no longer: it will not be sent again. */
  public void drop() {
    bytes = NONE;
  }
}
