/**
 * An endpoint on instances that the platform hosts. All endpoints of a model share one pool, which
 * is a deployment like any other, in the platform namespace; it is there as long as somebody uses
 * it. A ConfigMap of a name made from the model lets one endpoint per project have it (row A2.8);
 * when it goes, the oldest that waits takes over.
 */
package io.mistraloperator.operator.serverlessendpoint;
