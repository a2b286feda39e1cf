/**
 * How many instances the load of an endpoint asks for.
 *
 * <p>{@code Autoscaler} asks the gateways every second and keeps one {@code Scaler} per deployment;
 * a scaler is a pure decision over what it has been told. Who writes replicas is the reconciler
 * alone: it is woken by a decision and asks for it. What must outlive the process stands in the
 * status of the deployment.
 */
package io.mistraloperator.operator.scaling;
