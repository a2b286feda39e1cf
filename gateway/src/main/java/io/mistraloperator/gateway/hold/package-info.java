/**
 * Requests that cannot go to an instance at once: because none is ready, or because all are busy.
 * {@link io.mistraloperator.gateway.hold.Admission} decides, without clock or threads; {@link
 * io.mistraloperator.gateway.hold.WaitingRoom} keeps those that wait and lets them go on in the
 * moment that the table of instances changes or another request leaves.
 */
package io.mistraloperator.gateway.hold;
