/** Programs with real SDKs against the gateway of the real cluster. */
package io.mistraloperator.e2e.clients;
