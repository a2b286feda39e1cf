/**
 * Mistral's own dialect, {@code POST /v1/chat/completions}, on which OpenAI-style clients ride too:
 * more parameters, a default for max_tokens, answers without keys that a closed schema would
 * refuse.
 */
package io.mistraloperator.gateway.dialect.mistral;
