/** Texts that base models continue, with real engines in the real cluster. */
package io.mistraloperator.e2e.texts;
