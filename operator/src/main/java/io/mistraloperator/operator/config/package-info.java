/**
 * Settings from the chart, and everything that the framework needs to be told: a clock and a source
 * of chance, its metrics (which it would otherwise lose or register twice), an object mapper that
 * one unreadable object cannot stop, and an election whose loser leaves. Each of these mends a
 * fault of the framework that a test in {@code process} would show again.
 */
package io.mistraloperator.operator.config;
