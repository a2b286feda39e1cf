package io.mistraloperator.gateway.route;

/** A Kubernetes Service. */
public record ServiceRef(String namespace, String name) {}
