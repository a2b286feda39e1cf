/**
 * Cores that projects may use (rows D2.21 to D2.24). The ledger of a project is the status of its
 * InferenceQuota, which the operator makes where the platform has not: every change is an update
 * that names the version it is about, so the API server decides races. Cores are reserved before
 * instances are made and given back after they were told to go; what does not fit waits in the
 * ledger, and whoever frees cores hands them to the one that has waited longest and fits.
 */
package io.mistraloperator.operator.quota;
