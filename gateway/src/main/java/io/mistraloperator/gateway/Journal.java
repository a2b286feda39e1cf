package io.mistraloperator.gateway;

import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.hold.Waiter;
import io.mistraloperator.gateway.observe.TraceContext;
import java.util.function.Consumer;

/** Notes what generations do on their way to instances. */
interface Journal {
  /**
   * The request is for the model, and nothing is wrong with it.
   *
   * @param tokens estimated, of prompt and answers
   */
  void weighs(long tokens);

  /** Notes how the request, or one of its choices, waits on its way to an instance. */
  Waiter waiting(Runnable admitted, Consumer<Refusal> refused);

  /** An instance was picked. */
  void attempt();

  /** An instance could not be reached, or failed. */
  void engineError();

  /** Where the request stands in the client's trace. */
  TraceContext trace();
}
