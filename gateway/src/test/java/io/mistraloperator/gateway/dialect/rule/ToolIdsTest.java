package io.mistraloperator.gateway.dialect.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A15.4, C2.1 ids of tool calls")
class ToolIdsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"call_abcdefghijklmnop", "toolu_01", "x", "ab-cd_efg", "ünïcödé99", "0123456789"})
  void foreignIdsBecomeNineLettersAndDigitsAlwaysTheSame(String id) {
    assertThat(ToolIds.mapped(id)).matches("[A-Za-z0-9]{9}").isEqualTo(ToolIds.mapped(id));
  }

  @Test
  void idsOfTheFormStay() {
    assertThat(ToolIds.mapped("abc0dF1gh")).isEqualTo("abc0dF1gh");
  }

  @Test
  void idsWithTheSameEndDoNotCollide() {
    Set<String> mapped = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      mapped.add(ToolIds.mapped("call_" + i + "_sameending"));
    }
    assertThat(mapped).hasSize(10_000);
  }

  @Test
  void anIdThatAnAnswerUsedAlreadyIsReplaced() {
    assertThat(ToolIds.minted("abc0dF1gh", Set.of())).isEqualTo("abc0dF1gh");
    assertThat(ToolIds.minted("abc0dF1gh", Set.of("abc0dF1gh")))
        .matches("[A-Za-z0-9]{9}")
        .isNotEqualTo("abc0dF1gh");
    assertThat(ToolIds.minted("", Set.of())).matches("[A-Za-z0-9]{9}");
  }
}
