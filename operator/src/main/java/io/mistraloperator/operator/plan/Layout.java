package io.mistraloperator.operator.plan;

/**
 * How the memory of a machine is used.
 *
 * @param contextLength tokens of one request
 * @param concurrency requests at the same time
 * @param tensorParallel GPUs that share the model
 * @param kvTokens tokens that the KV cache holds
 * @param arithmetic the sum, for people
 */
record Layout(
    int contextLength, int concurrency, int tensorParallel, long kvTokens, String arithmetic)
    implements LayoutResult {}
