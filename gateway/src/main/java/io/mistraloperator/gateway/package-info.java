/**
 * The data plane. {@link io.mistraloperator.gateway.Exchange} takes one request through its steps,
 * readable from top to bottom: find the endpoint, check the credential, read the body in the
 * client's dialect, pick an instance, call the engine, shape the answer, settle. Each step is a
 * room of its own with one reason to change. Imports go one way: listeners know the exchange, the
 * exchange knows the steps, dialects and engines know the canonical words of {@code chat} and not
 * each other, and nothing below the listeners knows an HTTP server.
 */
package io.mistraloperator.gateway;
