/**
 * The two keys of an endpoint (rows A6.5, D1.7, D2.14). They live in one Secret, which is read and
 * written by name; nobody here lists or watches Secrets. Revisions in the spec say which key is to
 * be replaced, annotations of the Secret say which revision it holds, so a pass that dies in
 * between is simply repeated. A small object that only the Secret owns goes with it, and its watch
 * tells that a Secret was deleted.
 */
package io.mistraloperator.operator.keys;
