/**
 * Who may call. Finds the credential of a request in every form that clients send it in, and checks
 * it against the digests that the route holds; keys themselves are never known here. A comparison
 * looks at every digest in constant time, so that the time of an answer tells nothing. Nothing of a
 * credential is logged, echoed or sent on.
 */
package io.mistraloperator.gateway.auth;
