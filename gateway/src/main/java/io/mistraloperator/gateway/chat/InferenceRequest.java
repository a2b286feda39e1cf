package io.mistraloperator.gateway.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a model is asked for, checked, in no client's dialect. */
public sealed interface InferenceRequest permits ChatRequest, TextRequest {
  /** How the answer is drawn. */
  Sampling sampling();

  /** Parameters that the engine gets as they are, by name (row B3). */
  Map<String, JsonNode> extras();

  /** Whether the client wants events. */
  boolean stream();

  /** Whether the client wants usage in a last event of its own (row C5). */
  boolean usageApart();

  /** What the model may call. */
  Tools tools();

  /** Choices that the answer is to have, each a generation of its own. */
  int choices();

  /**
   * The request for one of its choices. A seed differs from choice to choice, or all would be the
   * same.
   *
   * @param choice from 0; the first keeps the client's seed
   */
  InferenceRequest choice(int choice);

  /** What the answer begins with; empty when nothing is continued. */
  String prefix();

  /** Characters that the model is to read, before a template adds its own. */
  long promptLength();
}
