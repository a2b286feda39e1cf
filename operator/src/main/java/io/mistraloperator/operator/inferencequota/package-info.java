/** Carries out what the platform writes into a project's quota: limits, and who may start now. */
package io.mistraloperator.operator.inferencequota;
