package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Optional;

/**
 * One event of an answer. Any number of {@link Text} and {@link Call}, then exactly one {@link
 * Finish} or {@link Failure}.
 */
public sealed interface EngineEvent {
  /**
   * A piece of text.
   *
   * @param text may be empty when only log-probabilities came
   * @param logprobs entries {@code {token, logprob, bytes, top_logprobs}} of this piece
   */
  record Text(String text, Optional<ArrayNode> logprobs) implements EngineEvent {}

  /** A complete tool call. */
  record Call(ToolCall call) implements EngineEvent {}

  /** The regular end. */
  record Finish(FinishReason reason, Usage usage) implements EngineEvent {}

  /** The end when something broke. */
  record Failure(Refusal reason) implements EngineEvent {}
}
