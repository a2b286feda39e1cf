package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Lax reading of scalars (rows A11.8, A11.9, A13.4, G11): numbers and switches may be written as
 * text, whole numbers with a fraction of zero. Never applied to objects and arrays.
 */
public final class Scalars {
  private static final int LONGEST_NUMBER = 40;

  private Scalars() {}

  /** A finite number. */
  public static OptionalDouble number(JsonNode node) {
    Optional<BigDecimal> value = decimal(node);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().doubleValue();
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /** A whole number of 64 bits. */
  public static OptionalLong integer(JsonNode node) {
    Optional<BigDecimal> value = decimal(node);
    // A huge exponent would make longValueExact build a number of that many digits.
    if (value.isEmpty() || Math.abs((long) value.get().scale()) > LONGEST_NUMBER) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(value.get().longValueExact());
    } catch (ArithmeticException fractionOrTooLarge) {
      return OptionalLong.empty();
    }
  }

  /** A switch. */
  public static Optional<Boolean> bool(JsonNode node) {
    if (node.isBoolean()) {
      return Optional.of(node.booleanValue());
    }
    String word = node.isTextual() || node.isNumber() ? node.asText() : "";
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "true", "t", "yes", "y", "on", "1", "1.0" -> Optional.of(true);
      case "false", "f", "no", "n", "off", "0", "0.0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static Optional<BigDecimal> decimal(JsonNode node) {
    if (node.isIntegralNumber()) {
      return Optional.of(new BigDecimal(node.bigIntegerValue()));
    }
    if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
      return Optional.empty();
    }
    if (node.isNumber()) {
      return Optional.of(node.decimalValue());
    }
    String text = node.isTextual() ? node.textValue().strip() : "";
    if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException notANumber) {
      return Optional.empty();
    }
  }
}
