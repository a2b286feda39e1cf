package io.mistraloperator.gateway.dialect;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.vertx.core.buffer.Buffer;

/**
 * Turns the events of one answer into bytes for the client. Failures do not come here: errors have
 * a writer of their own. Not thread-safe.
 */
public interface Shaper {
  /**
   * Bytes to send for an event; empty when there is nothing to send yet. The last {@link
   * EngineEvent.Finish} of all choices has the usage of the whole answer.
   *
   * @param choice which of the choices it belongs to, from 0
   */
  Buffer shape(int choice, EngineEvent event);
}
