package io.mistraloperator.gateway.route;

/**
 * Where one instance of a model listens.
 *
 * @param address IP address
 * @param port of its HTTP server
 */
public record Instance(String address, int port) {}
