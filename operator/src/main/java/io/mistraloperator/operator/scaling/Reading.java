package io.mistraloperator.operator.scaling;

import java.time.Instant;
import java.util.Optional;

/**
 * What the gateways together say of one endpoint.
 *
 * @param load requests in flight or held; of a gateway that is silent, what it said last
 * @param complete whether every gateway has just answered
 * @param lastRequest the latest time at which there was, or may have been, a request; absent when
 *     no gateway knows of one
 */
record Reading(int load, boolean complete, Optional<Instant> lastRequest) {}
