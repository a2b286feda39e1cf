package io.mistraloperator.operator.scaling;

/**
 * What runs of a deployment.
 *
 * @param route name of its endpoint's route
 * @param concurrency requests that one instance works on at once
 * @param ready instances that answer
 */
public record Running(String route, int concurrency, int ready) {}
