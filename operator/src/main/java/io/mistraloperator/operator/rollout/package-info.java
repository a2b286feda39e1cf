/**
 * How a new version replaces an old one: with an instance more where there is room for one, else
 * one by one. Pure functions.
 */
package io.mistraloperator.operator.rollout;
