/**
 * What vLLM's OpenAI server wants to read: a served model name, at least one token of answer, a
 * top_p above zero, and with tokenizers before v13 no text next to tool calls.
 */
package io.mistraloperator.gateway.engine.vllm;
