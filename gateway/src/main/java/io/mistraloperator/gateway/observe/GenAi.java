package io.mistraloperator.gateway.observe;

import io.mistraloperator.api.MistralModelSpec.Task;
import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/** Names of OpenTelemetry's conventions for generative AI, which still change. */
public final class GenAi {
  static final String REQUEST_DURATION = "gen_ai.server.request.duration";
  static final String TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";
  static final String TIME_PER_OUTPUT_TOKEN = "gen_ai.server.time_per_output_token";
  static final String TOKEN_USAGE = "gen_ai.client.token.usage";

  static final String OPERATION = "gen_ai.operation.name";
  static final String PROVIDER = "gen_ai.provider.name";
  static final String MODEL = "gen_ai.request.model";
  static final String TOKEN_TYPE = "gen_ai.token.type";
  static final String ERROR_TYPE = "error.type";
  static final String STREAM = "gen_ai.request.stream";
  static final String RESPONSE_MODEL = "gen_ai.response.model";
  static final String FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
  static final String INPUT_TOKENS = "gen_ai.usage.input_tokens";
  static final String OUTPUT_TOKENS = "gen_ai.usage.output_tokens";

  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

  /** The convention's word for the maker of the models. */
  static final String MISTRAL = "mistral_ai";

  private GenAi() {}

  /** The convention's word for what is asked of a model. */
  public static String operation(Task task) {
    return switch (task) {
      case ChatCompletions -> "chat";
      case TextGeneration -> "text_completion";
    };
  }
}
