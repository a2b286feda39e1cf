/**
 * Server-sent events as bytes. The reader is a state machine over single bytes, so that it does not
 * matter where the network cut the stream: inside a line end, a field name or a UTF-8 character. It
 * hands on the data of each event and drops what clients of this gateway must never see (comments,
 * pings, {@code event:}, {@code id:} and {@code retry:} lines, row B4). The writer knows the one
 * framing that every client reads.
 */
package io.mistraloperator.gateway.engine.sse;
