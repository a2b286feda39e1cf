/**
 * What llama.cpp's {@code llama-server} wants to read: its sampling defaults differ from the
 * contract and must be switched off by name, it does not know a named tool choice, and it checks no
 * ranges.
 */
package io.mistraloperator.gateway.engine.llamacpp;
