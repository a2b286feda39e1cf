package io.mistraloperator.gateway.engine;

import io.vertx.core.buffer.Buffer;

/**
 * What goes to an instance, and what must be remembered to read its answer.
 *
 * @param api that it is for
 * @param body in the server's words
 * @param prefix what the answer begins with: servers send only what follows it
 * @param promptEstimate tokens to report for the prompt when the server does not count them
 * @param topLogprobs alternatives wanted for each token
 * @param parallelCalls whether more than the first tool call is wanted
 */
public record EngineRequest(
    Api api,
    Buffer body,
    String prefix,
    long promptEstimate,
    int topLogprobs,
    boolean parallelCalls) {}
