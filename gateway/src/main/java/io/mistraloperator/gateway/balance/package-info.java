/**
 * Which instance gets a request: the one with the fewest requests of this gateway in flight, chosen
 * among those that the directory calls ready and that the request has not tried. A lease counts the
 * request for as long as the engine works on it and is given back exactly once.
 */
package io.mistraloperator.gateway.balance;
