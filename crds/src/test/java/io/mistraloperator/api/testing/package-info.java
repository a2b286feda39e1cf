/** A real API server for the tests of every module. */
package io.mistraloperator.api.testing;
