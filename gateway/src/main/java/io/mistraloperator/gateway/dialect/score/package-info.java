/**
 * The older form of managed endpoints, {@code POST /score} (row B6.6): input and parameters in an
 * envelope of their own, around what the other dialects read, and an answer that is its text.
 */
package io.mistraloperator.gateway.dialect.score;
