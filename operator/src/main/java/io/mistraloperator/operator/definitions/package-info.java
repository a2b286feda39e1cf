/** The definitions of this project's kinds in a cluster. */
package io.mistraloperator.operator.definitions;
