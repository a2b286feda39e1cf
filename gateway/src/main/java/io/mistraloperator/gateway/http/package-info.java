/**
 * The listeners: TLS and plain, one of each per event loop on shared ports. They turn HTTP into an
 * exchange's head and caller, bound the body, read a renewed certificate without a restart, write
 * every error in its one envelope, and drain: what runs finishes, and clients are told to go
 * elsewhere.
 */
package io.mistraloperator.gateway.http;
