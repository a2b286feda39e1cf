package io.mistraloperator.gateway.hold;

import io.mistraloperator.gateway.chat.Refusal;

/** Who wants to go to an instance. Told on the event loop that made its {@link Ticket}. */
public interface Waiter {
  /** It does not go at once; one of the others follows, unless the ticket is given back. */
  void waits();

  /** It goes. */
  void admitted();

  /** It does not go, for this reason. */
  void refused(Refusal reason);
}
