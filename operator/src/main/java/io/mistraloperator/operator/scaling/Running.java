package io.mistraloperator.operator.scaling;

/**
 * What runs of a deployment.
 *
 * @param load under which gateways tell its load: name of its endpoint's route, a slash, its name
 * @param concurrency requests that one instance works on at once
 * @param ready instances that answer
 */
public record Running(String load, int concurrency, int ready) {}
