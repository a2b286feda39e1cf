/**
 * The Kubernetes API of mistral-operator, group {@value io.mistraloperator.api.Api#GROUP}.
 *
 * <p>The records are the wire form: a component that is absent in YAML is {@code null} here.
 * Readers turn them into values of their own at the first border; nothing else in the project
 * passes {@code null} on.
 */
package io.mistraloperator.api;
