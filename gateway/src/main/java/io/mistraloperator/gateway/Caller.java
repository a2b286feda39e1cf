package io.mistraloperator.gateway;

import io.mistraloperator.gateway.chat.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** The application at the other end of one exchange. All calls are on the exchange's event loop. */
public interface Caller {
  /**
   * The body of the request; nothing of it is read before.
   *
   * @param limit bytes that it may have
   * @return fails with a {@link Refusal} when it has more, never when the client leaves
   */
  Future<byte[]> body(int limit);

  /** Nothing of the body is held any more; the room that it took is free for others. */
  void bodyDone();

  /** Names the deployment that answers, whatever the answer will be. */
  void deployment(String name);

  /** Answers with one JSON document. */
  void answer(Buffer json);

  /** Begins an answer of events. */
  void open();

  /**
   * Sends events; the answer is open.
   *
   * @return false when the client reads more slowly than that: wait for {@link #whenDrained}
   */
  boolean send(Buffer events);

  /** Sets what to do when the client has caught up. */
  void whenDrained(Runnable action);

  /** Ends an open answer. */
  void end();

  /** Says no: as an answer of its own, or as an event when the answer is open. */
  void refuse(Refusal refusal);

  /** Sets what to do when the client leaves before the end of the answer. */
  void whenGone(Runnable action);
}
