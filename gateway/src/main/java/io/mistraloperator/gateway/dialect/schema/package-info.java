/**
 * What dialects say of themselves: JSON schemas of their requests and answers for one model, made
 * from the same profiles and bounds that requests are read with. A parameter that a profile gains
 * must get a schema here, or the endpoint's document cannot be made.
 */
package io.mistraloperator.gateway.dialect.schema;
