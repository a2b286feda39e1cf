/**
 * What must go when its owner is gone: routes and pools are in another namespace, where no owner
 * reference reaches, and reserved cores stand in a ledger. They are removed when the deletion is
 * seen, and otherwise by a look at everything at the start of leading and every few minutes.
 */
package io.mistraloperator.operator.sweep;
