package io.mistraloperator.operator.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the deployments of one endpoint share its requests. */
class SplitTest {
  /**
   * Shares from words as {@code blue=90}, oldest first; {@code blue} says nothing, {@code !} cannot
   * answer.
   */
  private static List<Share> shares(String words) {
    return Arrays.stream(words.strip().split(" +"))
        .map(
            word -> {
              String[] parts = word.replace("!", "").split("=");
              return new Share(
                  parts[0],
                  parts.length > 1 ? Optional.of(Integer.parseInt(parts[1])) : Optional.empty(),
                  !word.endsWith("!"));
            })
        .toList();
  }

  private static Map<String, Integer> weights(String words) {
    return words == null
        ? Map.of()
        : shares(words).stream()
            .collect(Collectors.toMap(Share::name, share -> share.asked().orElseThrow()));
  }

  @ParameterizedTest(name = "{0}, before {1}: {2}, {3}")
  @DisplayName("D2.4 weights that are in force, and how they came about")
  @CsvSource({
    // One deployment.
    "blue,                        ,                        blue=100,          OnlyDeployment",
    "blue!,                       blue=0,                  blue=100,          OnlyDeployment",
    "blue=100,                    ,                        blue=100,          AsAsked",
    "blue=0,                      blue=100,                blue=0,            AsAsked",
    "blue=40,                     ,                        blue=40,           SumNotHundred",
    "blue=40,                     blue=100,                blue=100,          SumNotHundred",
    // A second one that says nothing gets nothing, whoever else says something.
    "blue green,                  ,                        blue=100 green=0,  FirstHasAll",
    "blue! green!,                ,                        blue=100 green=0,  FirstHasAll",
    "blue green,                  blue=100,                blue=100 green=0,  FirstHasAll",
    "blue! green,                 blue=100 green=0,        blue=100 green=0,  FirstHasAll",
    // Who has the requests keeps them, also from an older one that comes to life late.
    "blue green,                  blue=0 green=100,        blue=0 green=100,  FirstHasAll",
    "blue! green,                 green=0,                 blue=0 green=100,  FirstHasAll",
    "blue green,                  blue=90 green=10,        blue=100 green=0,  FirstHasAll",
    "green red,                   blue=100 green=0 red=0,  green=100 red=0,   FirstHasAll",
    "blue=100 green,              blue=100,                blue=100 green=0,  AsAsked",
    "blue green=100,              blue=100 green=0,        blue=0 green=100,  AsAsked",
    // The steps of a rollout.
    "blue=100 green=0!,           blue=100,                blue=100 green=0,  AsAsked",
    "blue=90 green=10,            blue=100 green=0,        blue=90 green=10,  AsAsked",
    "blue=0 green=100,            blue=90 green=10,        blue=0 green=100,  AsAsked",
    "blue=0 green=0,              blue=90 green=10,        blue=0 green=0,    AsAsked",
    // Between the two changes of one step the last valid split stays.
    "blue=90 green=0,             blue=100 green=0,        blue=100 green=0,  SumNotHundred",
    "blue=100 green=10,           blue=100 green=0,        blue=100 green=0,  SumNotHundred",
    "blue green=10,               blue=100,                blue=100 green=0,  SumNotHundred",
    "blue=60 green=60,            blue=90 green=10,        blue=90 green=10,  SumNotHundred",
    // Where nothing was in force, what is asked for, in proportion.
    "blue=60 green=60,            ,                        blue=60 green=60,  SumNotHundred",
    "green=10,                    blue=100 green=0,        green=10,          SumNotHundred",
    "green=10,                    blue=90 green=10,        green=10,          SumNotHundred",
    // A share begins once its deployment can answer.
    "blue=0 green=100!,           blue=100 green=0,        blue=100 green=0,  NotReadyForTraffic",
    "blue=0 green=100!,           blue=100,                blue=100 green=0,  NotReadyForTraffic",
    "blue=50! green=50!,          ,                        blue=50 green=50,  AsAsked",
    "blue=50! green=50!,          blue=90 green=10,        blue=50 green=50,  AsAsked",
    "blue=0 green=100!,           green=10 blue=90,        blue=0 green=100,  AsAsked",
    "green=100!,                  blue=100 green=0,        green=100,         AsAsked"
  })
  void splits(String asked, String before, String inForce, Split.Standing standing) {
    Split split = Split.of(shares(asked), weights(before));

    assertThat(split.weights()).isEqualTo(weights(inForce));
    assertThat(split.standing()).isEqualTo(standing);
  }

  @Test
  @DisplayName("D2.4 a wrong sum is told with each one's share and what holds meanwhile")
  void tellsAWrongSum() {
    Split split = Split.of(shares("blue green=10"), Map.of("blue", 100));

    assertThat(split.asWanted()).isFalse();
    assertThat(split.message())
        .isEqualTo(
            "spec.traffic of the deployments of this endpoint adds up to 10, not to 100 or 0 (blue"
                + " 0 (not set), green 10): change it so that it does; until then requests are"
                + " shared blue 100, green 0");
  }

  @Test
  @DisplayName("D2.4 where a wrong sum holds in proportion, the shares are told in percent")
  void tellsPercent() {
    Split split = Split.of(shares("blue=60 green=30"), Map.of());

    assertThat(split.message()).endsWith("requests are shared blue 67, green 33");
    assertThat(split.percentOf("blue")).isEqualTo(67);
  }

  @Test
  @DisplayName("D2.4 the end state does not depend on the order of changes")
  void orderDoesNotMatter() {
    List<String> one = List.of("blue=90 green=0", "blue=90 green=10");
    List<String> other = List.of("blue=100 green=10", "blue=90 green=10");

    assertThat(after(one)).isEqualTo(after(other));
    assertThat(after(List.of("green=10", "blue=90 green=10")))
        .isEqualTo(after(List.of("blue=90", "blue=90 green=10")));
  }

  private static Map<String, Integer> after(List<String> steps) {
    Map<String, Integer> inForce = Map.of();
    for (String step : steps) {
      inForce = Split.of(shares(step), inForce).weights();
    }
    return inForce;
  }

  @ParameterizedTest
  @CsvSource({"blue=90 green=10,90,10", "blue=1 green=2,33,67", "blue=0 green=0,0,0"})
  @DisplayName("D2.4 people are told percent of what is in force")
  void percent(String words, int blue, int green) {
    Split split = new Split(weights(words), Split.Standing.AsAsked, "");

    assertThat(split.percentOf("blue")).isEqualTo(blue);
    assertThat(split.percentOf("green")).isEqualTo(green);
  }
}
