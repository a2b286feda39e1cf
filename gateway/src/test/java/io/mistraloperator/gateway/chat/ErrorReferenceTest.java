package io.mistraloperator.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The page of errors equals the table of codes; {@code make errors} writes it anew. */
@DisplayName("B7.4 the closed table of errors")
class ErrorReferenceTest {
  private static final Path PAGE = Path.of("../docs/errors.md");

  private static final String BEGINNING =
      """
      # Errors

      Every error that the gateway answers with, made from its table of codes by `make errors`. There is no other.

      The code is in the header `x-ms-error-code` and in the body, as `error.code` and `code`; `error.type` is OpenAI's
      word for it, `message` says what is wrong with this very request. A 422 lists every problem of the body in `detail`, each with
      its place (`loc`), what is allowed (`msg`) and what was given (`input`). In a stream that has begun an error is one event
      `{"error": {...}}`, followed by `[DONE]`. Every answer has an `x-request-id`, which is also in the gateway's log.

      | status | code | type | when | what to do |
      |---|---|---|---|---|
      """;

  private static String page() {
    return Arrays.stream(ErrorCode.values())
        .sorted(Comparator.comparingInt(ErrorCode::status))
        .map(
            code ->
                "| %d | `%s` | `%s` | %s | %s |\n"
                    .formatted(code.status(), code.word(), code.type(), code.when(), code.remedy()))
        .collect(Collectors.joining("", BEGINNING, ""));
  }

  @Test
  void thePageEqualsTheTable() throws IOException {
    if (Boolean.getBoolean("errors.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as("run 'make errors' after a change of the codes")
        .isEqualTo(page());
  }

  @Test
  void codesAreUniqueAndSaidInSentences() {
    assertThat(ErrorCode.values()).extracting(ErrorCode::word).doesNotHaveDuplicates();
    assertThat(ErrorCode.values())
        .allSatisfy(
            code -> {
              assertThat(code.status()).isBetween(400, 599);
              assertThat(code.when()).endsWith(".").doesNotContain("|", "\n");
              assertThat(code.remedy()).endsWith(".").doesNotContain("|", "\n");
            });
  }
}
