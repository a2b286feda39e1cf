/**
 * The control plane: the only writer to the cluster. Each user kind has a package with the same
 * rooms, walked through in the same order: an event leads to a pass, a pass observes the caches,
 * decides and desires with pure makers, applies by server-side apply, and writes a status when it
 * differs. Nothing here keeps state of its own: whatever is needed after a restart stands in the
 * objects, and every step may be repeated. There are no finalizers, so nothing hangs while the
 * operator is away.
 */
package io.mistraloperator.operator;
