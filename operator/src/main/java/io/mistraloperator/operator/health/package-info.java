/**
 * Liveness of the watches. The framework has a readiness check only: a process whose watches have
 * ended for good would keep the lease and do nothing.
 */
package io.mistraloperator.operator.health;
