package io.mistraloperator.gateway.chat;

import io.mistraloperator.api.MistralModelSpec;

/**
 * What must be known of a model to read requests for it.
 *
 * @param name in answers
 * @param provider who made it
 * @param task what it does
 * @param tokenizer generation of the tokenizer
 * @param contextLength tokens of prompt and answer together
 * @param tools whether it calls tools
 * @param json whether it has a JSON mode
 * @param vision whether it sees images, where it runs
 * @param systemRole whether its template has a system role
 * @param templated whether its server makes one text of a conversation with the template of the
 *     weights' repository, or may do so
 */
public record ModelFacts(
    String name,
    String provider,
    MistralModelSpec.Task task,
    MistralModelSpec.Tokenizer tokenizer,
    int contextLength,
    boolean tools,
    boolean json,
    boolean vision,
    boolean systemRole,
    boolean templated) {}
