package io.mistraloperator.gateway;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import java.util.Locale;
import java.util.regex.Pattern;

/** The {@code api-version} parameter of Azure's clients: every version means the same (row B0). */
final class ApiVersion {
  private static final String NAME = "api-version=";

  /** What every version looks like, as a regular expression; case does not matter. */
  static final String FORM = "[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?";

  private static final Pattern PATTERN = Pattern.compile(FORM, Pattern.CASE_INSENSITIVE);

  private ApiVersion() {}

  /**
   * Accepts an absent or well-formed version.
   *
   * @param query of the URL, as it came
   * @throws Refusal when there is one of another form
   */
  static void check(String query) {
    for (String parameter : query.split("&", -1)) {
      boolean version = parameter.toLowerCase(Locale.ROOT).startsWith(NAME);
      if (version && !PATTERN.matcher(parameter.substring(NAME.length())).matches()) {
        throw Refusal.of(
            ErrorCode.INVALID_API_VERSION,
            "api-version must be of the form 2024-05-01 or 2024-05-01-preview, or be left out ("
                + Given.words(parameter.substring(NAME.length()))
                + ").");
      }
    }
  }
}
