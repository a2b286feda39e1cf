package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;

/**
 * A parameter that is a number.
 *
 * @param least allowed value
 * @param most allowed value
 * @param standard value when the client gives none
 */
public record Bounded(String name, double least, double most, double standard) {
  /** Whether a client may give {@code value}, or nothing. */
  public boolean allows(JsonNode value) {
    OptionalDouble number = Scalars.number(value);
    return number.isPresent()
        ? number.getAsDouble() >= least && number.getAsDouble() <= most
        : value.isMissingNode() || value.isNull();
  }
}
