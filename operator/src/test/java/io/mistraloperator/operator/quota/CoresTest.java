package io.mistraloperator.operator.quota;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arithmetic of quota. */
class CoresTest {
  @ParameterizedTest(name = "{0} instances of {1} cores need {2}")
  @DisplayName("D2.22 a fifth is kept for upgrades: 1 instance counts as 2, none as none")
  @CsvSource({
    "0, 24, 0",
    "1, 24, 48",
    "2, 24, 72",
    "3, 24, 96",
    "4, 24, 120",
    "5, 24, 144",
    "6, 24, 192",
    "10, 1, 12",
    "11, 1, 14",
    "50, 1024, 61440"
  })
  void needed(int instances, int perInstance, int cores) {
    assertThat(Cores.needed(instances, perInstance)).isEqualTo(cores);
  }
}
