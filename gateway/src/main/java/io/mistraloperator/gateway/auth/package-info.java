/**
 * Who may call. Finds the credential of a request in every form that clients send it in, and checks
 * it in the way that the endpoint has chosen: by the digests of its keys, which is all that is
 * known of keys here, in a time that tells nothing; by the signature of a trusted issuer; or by
 * asking the cluster. Checks of tokens run off the event loops, their verdicts are remembered for a
 * while, and who may call is a pure decision. Nothing of a credential is logged, echoed or sent on.
 */
package io.mistraloperator.gateway.auth;
