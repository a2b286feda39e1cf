/**
 * What the platform sees of requests: counters and histograms with labels that come from the route
 * table alone, so that their number is bounded whatever clients send, and one line of JSON per
 * request without content or credentials, with its place in the client's trace; where there is a
 * collector, spans of the same. Series of an endpoint go when its route goes.
 */
package io.mistraloperator.gateway.observe;
