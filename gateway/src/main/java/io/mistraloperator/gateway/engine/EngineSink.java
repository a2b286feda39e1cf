package io.mistraloperator.gateway.engine;

import io.mistraloperator.gateway.chat.EngineEvent;

/** Gets what becomes of one engine call, on the thread that made the call. */
public interface EngineSink {
  /** No connection: the instance has seen nothing of the request, another may be tried. */
  void unreachable();

  /** The instance has the whole request; told at most once, and not when an event came before. */
  void sent();

  /** The next event. */
  void event(EngineEvent event);
}
