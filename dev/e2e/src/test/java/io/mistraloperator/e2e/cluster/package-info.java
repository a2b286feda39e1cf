/** The product on a real Kubernetes with a real engine: one node in a container for all tests. */
package io.mistraloperator.e2e.cluster;
