/**
 * Rules of the HTTP contract, one class each: lax scalars, ranges, extra parameters, tools and
 * their ids, answer formats, order of roles, the safe prompt. Every rule is a pure function of a
 * JSON value or of messages, notes what is wrong in {@link
 * io.mistraloperator.gateway.dialect.rule.Problems} instead of stopping at the first mistake, and
 * has a table test.
 */
package io.mistraloperator.gateway.dialect.rule;
