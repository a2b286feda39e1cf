package io.mistraloperator.gateway.dialect.rule;

/**
 * A parameter that is a number.
 *
 * @param least allowed value
 * @param most allowed value
 * @param standard value when the client gives none
 */
public record Bounded(String name, double least, double most, double standard) {}
