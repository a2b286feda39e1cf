package io.mistraloperator.gateway.chat;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How the answer is drawn.
 *
 * @param temperature 0 to 2
 * @param topP 0 to 1
 * @param presencePenalty -2 to 2
 * @param frequencyPenalty -2 to 2
 * @param maxTokens at most that many tokens of answer; empty: what the context leaves
 * @param maxTokensGiven whether the client said so: then the context must have room for as many
 * @param stop texts that end the answer, at most four
 * @param seed for repeatable answers
 */
public record Sampling(
    double temperature,
    double topP,
    double presencePenalty,
    double frequencyPenalty,
    OptionalInt maxTokens,
    boolean maxTokensGiven,
    List<String> stop,
    OptionalLong seed) {
  /** Takes a copy of the stop texts. */
  public Sampling {
    stop = List.copyOf(stop);
  }

  /** The same for another choice of one answer: a seed of its own where there is one. */
  Sampling seeded(int choice) {
    return new Sampling(
        temperature,
        topP,
        presencePenalty,
        frequencyPenalty,
        maxTokens,
        maxTokensGiven,
        stop,
        seed.isPresent() ? OptionalLong.of(seed.getAsLong() ^ choice) : seed);
  }
}
