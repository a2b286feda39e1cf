package io.mistraloperator.gateway.http;

import java.time.Duration;

/**
 * How bodies of requests are taken in.
 *
 * @param budget bytes that all of them together may have
 * @param patience how long a body may wait for its part of the budget, and how long a client may
 *     then take to send it
 */
public record Intake(BodyBudget budget, Duration patience) {}
