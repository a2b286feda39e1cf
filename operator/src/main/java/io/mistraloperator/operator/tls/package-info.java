/**
 * The certificate of the gateway: an authority of its own and a serving certificate, made and
 * renewed by the leading replica, unless the platform brings a Secret. Old authorities stay in the
 * bundle that clients trust until they expire.
 */
package io.mistraloperator.operator.tls;
