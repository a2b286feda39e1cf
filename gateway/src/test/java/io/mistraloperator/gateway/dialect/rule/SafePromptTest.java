package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SafePromptTest {
  @Test
  @DisplayName("A14.2 the text is the documented one, to the character")
  void exactText() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(SafePrompt.TEXT.getBytes(StandardCharsets.UTF_8));

    assertThat(SafePrompt.TEXT).hasSize(193);
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("98aaa7df4de61b8b04b0ae1a1fad65a673a37c6ba1aeadfa5f86171492fd3d41");
  }
}
