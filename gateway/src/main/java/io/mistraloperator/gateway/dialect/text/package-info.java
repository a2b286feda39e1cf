/**
 * Continuing a text, {@code POST /completions} and {@code POST /v1/completions}, for base models:
 * reads one prompt with the sampling parameters that chats have too, and shapes an answer that
 * looks the same streamed and whole. The two routes differ in the parameters that they know.
 */
package io.mistraloperator.gateway.dialect.text;
