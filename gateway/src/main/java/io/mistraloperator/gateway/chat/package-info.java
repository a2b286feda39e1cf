/**
 * The words in which dialects and engines meet: one canonical request for a chat and one for a
 * text, one canonical stream of events, and one way to say no. A dialect reads what a client sent
 * into an {@link io.mistraloperator.gateway.chat.InferenceRequest}; an engine writes it for its
 * server and reads the server's answer as {@link io.mistraloperator.gateway.chat.EngineEvent}s; the
 * dialect shapes those for the client. So a new client touches one package and a new engine
 * another, and this one changes only when chats themselves learn something new. Nothing here knows
 * HTTP or Kubernetes.
 */
package io.mistraloperator.gateway.chat;
