package io.mistraloperator.gateway.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.ChatRequest;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.TextRequest;
import io.mistraloperator.gateway.dialect.azure.AzureDialect;
import io.mistraloperator.gateway.dialect.mistral.MistralDialect;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.dialect.score.ScoreDialect;
import io.mistraloperator.gateway.dialect.score.ScoreReader;
import io.mistraloperator.gateway.dialect.score.ScoreShaper;
import io.mistraloperator.gateway.dialect.text.TextDialect;
import io.mistraloperator.gateway.dialect.text.TextReader;
import io.mistraloperator.gateway.dialect.text.TextShaper;

/** How a client talks. */
public sealed interface Dialect {
  /** The word in metrics and logs. */
  String word();

  /** What its requests may hold. */
  Profile profile();

  /** What a model must do to be spoken to in it. */
  Task task();

  /** The same dialect for a model that does {@code other}; itself where it is for one task only. */
  default Dialect of(Task other) {
    return this;
  }

  /**
   * Reads a request.
   *
   * @throws Refusal with every problem of the body
   */
  InferenceRequest read(ObjectNode body, Extras.Mode extras, ModelFacts model);

  /** Shapes the answer to a request. */
  Shaper shaper(AnswerHead head, InferenceRequest request);

  /** Conversations. */
  sealed interface Chat extends Dialect {
    /** What its answers look like. */
    AnswerShape shape();

    @Override
    default Task task() {
      return Task.ChatCompletions;
    }

    @Override
    default ChatRequest read(ObjectNode body, Extras.Mode extras, ModelFacts model) {
      return ChatReader.read(body, extras, model, profile());
    }

    @Override
    default Shaper shaper(AnswerHead head, InferenceRequest request) {
      return request.stream()
          ? new StreamShaper(head, shape(), request.choices(), request.usageApart())
          : new PlainShaper(head, shape(), request.choices());
    }
  }

  /** Texts to be continued. */
  sealed interface Text extends Dialect {
    @Override
    default Task task() {
      return Task.TextGeneration;
    }

    @Override
    default TextRequest read(ObjectNode body, Extras.Mode extras, ModelFacts model) {
      return TextReader.read(body, extras, model, profile());
    }

    @Override
    default Shaper shaper(AnswerHead head, InferenceRequest request) {
      return new TextShaper(head, request.stream(), request.choices(), request.usageApart());
    }
  }

  /** {@code POST /chat/completions}. */
  record Azure() implements Chat {
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
  record Mistral() implements Chat {
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

  /**
   * {@code POST /score} (row B6.6).
   *
   * @param task of the models that are spoken to
   */
  record Score(Task task) implements Dialect {
    @Override
    public String word() {
      return "score";
    }

    @Override
    public Dialect of(Task other) {
      return new Score(other);
    }

    @Override
    public Profile profile() {
      return ScoreDialect.profile(task);
    }

    @Override
    public InferenceRequest read(ObjectNode body, Extras.Mode extras, ModelFacts model) {
      return ScoreReader.read(body, extras, model);
    }

    @Override
    public Shaper shaper(AnswerHead head, InferenceRequest request) {
      return new ScoreShaper(task);
    }
  }

  /** {@code POST /completions}. */
  record AzureText() implements Text {
    @Override
    public String word() {
      return "azure-text";
    }

    @Override
    public Profile profile() {
      return TextDialect.AZURE;
    }
  }

  /** {@code POST /v1/completions}. */
  record OpenAiText() implements Text {
    @Override
    public String word() {
      return "openai-text";
    }

    @Override
    public Profile profile() {
      return TextDialect.OPENAI;
    }
  }
}
