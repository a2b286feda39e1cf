/**
 * Finds the first concrete cause why an instance does not serve, in the words of whoever found it:
 * the scheduler, the kubelet, the engine. Most of it stands in the status of pods; what keeps a pod
 * from being made stands only in its events, which are read for that pod alone. An engine that ends
 * is a crash whatever its exit code, since vLLM ends with 0 when a worker dies.
 */
package io.mistraloperator.operator.diagnosis;
