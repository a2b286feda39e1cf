package io.mistraloperator.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.mistraloperator.api.RolloutSettings;
import io.mistraloperator.api.RolloutStatus.Strategy;
import io.mistraloperator.operator.quota.Cores;
import io.mistraloperator.operator.rollout.RolloutPlan.OneByOne;
import io.mistraloperator.operator.rollout.RolloutPlanner.Situation;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a new version replaces the old one. */
class RolloutPlannerTest {
  private static final int START = 900;
  private static final Optional<SurgeObstacle> FULL =
      Optional.of(new SurgeObstacle("no node has room for one more: 1 Insufficient gpu", true));

  private static IntOrString value(String text) {
    return text == null
        ? null
        : text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.parseInt(text));
  }

  private static Situation situation(
      String surge, String missing, int instances, Optional<SurgeObstacle> obstacle) {
    return new Situation(
        surge == null && missing == null
            ? Optional.empty()
            : Optional.of(new RolloutSettings(value(surge), value(missing))),
        instances,
        Cores.counted(instances) - instances,
        START,
        obstacle,
        Optional.empty());
  }

  @DisplayName("T-U7, T-Q6 what is asked for, within the fifth of the cores that is kept for it")
  @ParameterizedTest(name = "{0}/{1} of {2}: {3}")
  @CsvSource({
    // asked surge, missing, instances: strategy, surge, missing, seconds
    "    ,     ,  1, Surge,    1, 0,   0",
    "    ,     , 10, Surge,    1, 0,   0",
    "   2,     , 10, Surge,    2, 0,   0",
    "   3,     , 10, Surge,    2, 0,   0",
    "   3,     ,  2, Surge,    1, 0,   0",
    "100%,     ,  5, Surge,    1, 0,   0",
    " 20%,     , 10, Surge,    2, 0,   0",
    " 11%,     , 10, Surge,    2, 0,   0",
    "   1,    1,  4, Surge,    1, 1,   0",
    "    ,  50%,  5, Surge,    1, 2,   0",
    "   0,     ,  1, OneByOne, 0, 1, 900",
    "   0,     ,  3, OneByOne, 0, 1,   0",
    "   0,    2,  3, OneByOne, 0, 2,   0",
    "   0,    3,  3, OneByOne, 0, 3, 900",
    "  0%,  10%,  3, OneByOne, 0, 1,   0",
    "    ,    0,  3, Surge,    1, 0,   0",
  })
  void planned(
      String surge,
      String missing,
      int instances,
      Strategy strategy,
      int maxSurge,
      int maxUnavailable,
      int downtime) {
    var status =
        RolloutPlanner.plan(situation(surge, missing, instances, Optional.empty()))
            .status("v", "now");

    assertThat(status.strategy()).isEqualTo(strategy);
    assertThat(status.maxSurge()).isEqualTo(maxSurge);
    assertThat(status.maxUnavailable()).isEqualTo(maxUnavailable);
    assertThat(status.downtimeSeconds()).isEqualTo(downtime);
  }

  @Test
  @DisplayName("T-Q6 a surge beyond the reserved cores says what it asked for and what it has")
  void tellsOfTheCap() {
    assertThat(RolloutPlanner.plan(situation("3", null, 2, Optional.empty())).message())
        .isEqualTo(
            "one more instance starts before an old one goes; spec.rollout.maxSurge asks for 3, and the cores reserved for upgrades have room for 1");
  }

  @Test
  @DisplayName(
      "T-U1 where there is no room for one more, old ones go first, and the downtime is told")
  void goesOneByOneWithoutRoom() {
    assertThat(RolloutPlanner.plan(situation(null, null, 1, FULL)))
        .isEqualTo(
            new OneByOne(
                1,
                START,
                "no node has room for one more: 1 Insufficient gpu: an old instance goes before a new one starts, and nothing answers for up to 900 s"));
    assertThat(RolloutPlanner.plan(situation("2", null, 3, FULL)))
        .isEqualTo(
            new OneByOne(
                1,
                0,
                "no node has room for one more: 1 Insufficient gpu: an old instance goes before a new one starts, and 2 of 3 answer meanwhile"));
  }

  @Test
  @DisplayName("T-U1 once one by one, a rollout stays so to its end")
  void doesNotTryAgain() {
    var first = RolloutPlanner.plan(situation(null, null, 3, FULL));
    var later =
        RolloutPlanner.plan(
            new Situation(
                Optional.empty(),
                3,
                1,
                START,
                Optional.empty(),
                Optional.of(first.status("v", "then"))));

    assertThat(later).isEqualTo(first);
  }

  @Test
  @DisplayName(
      "D2.19 no old instance goes for a new one that would not fit in its place, nor against spec")
  void keepsWhatServes() {
    var larger = Optional.of(new SurgeObstacle("no node has room", false));

    assertThat(RolloutPlanner.plan(situation(null, null, 1, larger)))
        .isInstanceOf(RolloutPlan.Surge.class)
        .extracting(RolloutPlan::message)
        .asString()
        .contains("waits: no node has room", "set spec.rollout.maxSurge to 0");
    assertThat(RolloutPlanner.plan(situation(null, "0", 1, FULL)))
        .isInstanceOf(RolloutPlan.Surge.class)
        .extracting(RolloutPlan::message)
        .asString()
        .contains("waits: no node", "maxUnavailable above 0");
  }
}
