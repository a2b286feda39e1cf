/**
 * What one instance runs: a pure function of model, machine and wishes. It divides the memory
 * between weights, KV cache and overhead, chooses precision, GPUs, context and concurrency, and
 * writes the command line of the server. What does not fit is refused with the arithmetic.
 */
package io.mistraloperator.operator.plan;
