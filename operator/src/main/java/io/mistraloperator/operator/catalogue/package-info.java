/**
 * What the platform offers: models and machine types, read from their objects into values with
 * everything in place. This is the border at which absent fields end; further in there is no {@code
 * null}. Names of models are compared without case, dots, dashes and underscores, since they are
 * spelt in many ways; what is not found is answered with the nearest names.
 */
package io.mistraloperator.operator.catalogue;
