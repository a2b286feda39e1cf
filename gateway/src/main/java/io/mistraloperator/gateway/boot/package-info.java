/**
 * The program: reads its settings, wires the parts, starts watches and listeners, answers probes,
 * and on SIGTERM drains. Quarkus is used here and nowhere else.
 */
package io.mistraloperator.gateway.boot;
