package io.mistraloperator.gateway.http;

import java.time.Duration;

/**
 * How bodies of requests are taken in.
 *
 * @param budget bytes that all of them together may have
 * @param patience how long a client may take to send one
 */
public record Intake(BodyBudget budget, Duration patience) {}
