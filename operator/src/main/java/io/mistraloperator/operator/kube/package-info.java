/**
 * How the cluster is written and read, whatever the kind: server-side apply with one field manager,
 * status, events, conditions, labels, names, watches. Writes go through the plain client, because
 * the framework loses spec edits that arrive while it writes a status itself; an apply or a status
 * that would change nothing is left out, so that a cluster at rest is left alone.
 */
package io.mistraloperator.operator.kube;
