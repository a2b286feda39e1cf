/**
 * One model on dedicated instances. The name of the endpoint is claimed before any hardware is
 * used; then come network policy, Services, budget and the engine Deployment. What shaped the pods
 * is kept in annotations of that Deployment ({@link
 * io.mistraloperator.operator.mistraldeployment.RunningPlan}): as long as that part of the spec is
 * the same, pods stay as they are, through upgrades of operator, chart and catalogue. A spec that
 * is refused changes nothing of what runs.
 */
package io.mistraloperator.operator.mistraldeployment;
