/**
 * How clients talk: what a request may hold and what an answer looks like, per dialect. Reading
 * takes a JSON tree through small named steps, collects every problem it meets with the path to it,
 * and ends in one canonical request or one refusal that names them all; shaping turns canonical
 * events into the bytes of that dialect, streamed or whole. The dialects differ in a profile (which
 * parameters they know) and a shape (which keys an answer has); the rules that both follow are pure
 * functions in {@code rule}. This room knows nothing of engines.
 */
package io.mistraloperator.gateway.dialect;
