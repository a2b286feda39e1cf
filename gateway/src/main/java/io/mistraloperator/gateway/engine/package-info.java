/**
 * Servers of models. An {@link io.mistraloperator.gateway.engine.Engine} knows how its server wants
 * a request written and how to read what it says back; {@link
 * io.mistraloperator.gateway.engine.EngineClient} carries one request to one instance and can be
 * told at any moment to let go. Engines are always asked to stream, whether the client wants that
 * or not: it is one code path, and a request that nobody waits for any more ends at the next token.
 * Whatever a server says in its own words (stack traces, paths, parser dumps) ends here; only
 * canonical events and refusals leave this room.
 */
package io.mistraloperator.gateway.engine;
