package io.mistraloperator.gateway.chat;

import java.time.Duration;

/**
 * Bounds of one request (rows B7, D2.3, G17).
 *
 * @param total from the head of the request to the end of the answer
 * @param connect to an instance
 * @param firstToken from the moment that an instance has the request to its first event
 * @param betweenTokens from one event of the instance to the next
 * @param bodyBytes that the body may have
 */
public record RequestLimits(
    Duration total, Duration connect, Duration firstToken, Duration betweenTokens, int bodyBytes) {}
