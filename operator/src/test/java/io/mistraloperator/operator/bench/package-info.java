/** {@code make bench-operator}: what the packaged operator costs with many deployments. */
package io.mistraloperator.operator.bench;
