package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.azure.AzureDialect;
import io.mistraloperator.gateway.dialect.mistral.MistralDialect;
import io.mistraloperator.gateway.dialect.rule.Extras;

/** How a client talks. */
public sealed interface Dialect {
  /** The word in metrics and logs. */
  String word();

  /** What its requests may hold. */
  Profile profile();

  /** What its answers look like. */
  AnswerShape shape();

  /**
   * Reads a request.
   *
   * @throws Refusal with every problem of the body
   */
  default ChatRequest read(ObjectNode body, Extras.Mode extras, ModelFacts model) {
    return ChatReader.read(body, extras, model, profile());
  }

  /** Shapes the answer to a request. */
  default Shaper shaper(AnswerHead head, ChatRequest request) {
    return request.stream()
        ? new StreamShaper(head, shape(), request.choices(), request.usageApart())
        : new PlainShaper(head, shape(), request.choices());
  }

  /** {@code POST /chat/completions}. */
  record Azure() implements Dialect {
    @Override
    public String word() {
      return "azure";
    }

    @Override
    public Profile profile() {
      return AzureDialect.PROFILE;
    }

    @Override
    public AnswerShape shape() {
      return AzureDialect.SHAPE;
    }
  }

  /** {@code POST /v1/chat/completions}. */
  record Mistral() implements Dialect {
    @Override
    public String word() {
      return "mistral";
    }

    @Override
    public Profile profile() {
      return MistralDialect.PROFILE;
    }

    @Override
    public AnswerShape shape() {
      return MistralDialect.SHAPE;
    }
  }
}
