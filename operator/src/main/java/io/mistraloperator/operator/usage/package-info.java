/**
 * What deployments cost: how long each instance was there, counted in a ledger per project that
 * outlives deployments and operators. The rule is in docs/billing.md.
 */
package io.mistraloperator.operator.usage;
