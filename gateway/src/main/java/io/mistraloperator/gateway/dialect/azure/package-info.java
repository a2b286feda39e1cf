/**
 * The Azure inference dialect, {@code POST /chat/completions}: closed list of parameters with
 * extras by header, answers with the nulls that its documents show, usage always on the chunk that
 * finishes.
 */
package io.mistraloperator.gateway.dialect.azure;
