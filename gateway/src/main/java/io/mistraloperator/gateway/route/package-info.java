/**
 * Who is served and where the instances are. Two informers feed two tables that are read without a
 * lock: routes by host and by endpoint name, and the ready instances of each Service. A table is an
 * immutable value that is swapped whole, so a request sees one state of it, and what is known stays
 * in use while the API server is away. An object that cannot be read costs its own endpoint and
 * nothing else.
 */
package io.mistraloperator.gateway.route;
