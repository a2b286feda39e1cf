/**
 * JSON trees in and out: one configured mapper for the whole data plane. Reading is strict where
 * leniency would hide a client's mistake (one value, nothing after it) and bounded by the parser's
 * own limits on depth and number length; writing never fails. Field-level leniency (numbers written
 * as strings) is a rule of the dialects and lives there.
 */
package io.mistraloperator.gateway.json;
