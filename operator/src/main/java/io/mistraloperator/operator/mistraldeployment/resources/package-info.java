/**
 * Makers of the objects of an engine, one for each, pure: no client, no clock, no settings but
 * those handed in. They never write a value that the API server would set by itself, so that
 * applying twice changes nothing.
 */
package io.mistraloperator.operator.mistraldeployment.resources;
