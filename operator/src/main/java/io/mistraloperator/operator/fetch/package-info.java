/**
 * How far weights are on their way. The fetcher in an instance's init container tells it over HTTP
 * on the pod's own address, so that neither the pod needs rights in the cluster nor the operator
 * the right to read logs. It is asked every ten seconds at most; the pure part makes status of what
 * it says.
 */
package io.mistraloperator.operator.fetch;
