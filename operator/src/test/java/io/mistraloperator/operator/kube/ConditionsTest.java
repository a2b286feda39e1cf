package io.mistraloperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.mistraloperator.operator.kube.Conditions.Truth;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Conditions and what is told of their changes. */
class ConditionsTest {
  private enum Reason {
    Starting,
    Serving,
    ImagePullBackOff,
    CrashLoopBackOff,
    Creating,
    Complete,
    AsWanted
  }

  private static final String THEN = "2026-01-01T00:00:00Z";
  private static final String NOW = "2026-01-02T00:00:00Z";

  @Test
  void theTimeChangesWithTheStatusOnly() {
    var before = at(THEN, List.of(), "Ready", Truth.False, Reason.Starting);
    assertThat(at(NOW, before, "Ready", Truth.False, Reason.ImagePullBackOff).getFirst())
        .returns(THEN, Condition::getLastTransitionTime)
        .returns("ImagePullBackOff", Condition::getReason);
    assertThat(at(NOW, before, "Ready", Truth.True, Reason.Serving).getFirst())
        .returns(NOW, Condition::getLastTransitionTime)
        .returns(7L, Condition::getObservedGeneration);
  }

  @Test
  void longMessagesAreCut() {
    var condition =
        new Conditions(List.of(), 1, clock(NOW))
            .add("Ready", Truth.False, Reason.Starting, "x".repeat(50000))
            .list()
            .getFirst();
    assertThat(condition.getMessage()).hasSize(4096).endsWith("…");
  }

  @Test
  void oneTroubleIsToldOnceWhicheverConditionsTellIt() {
    var starting = all(List.of(), Truth.False, Reason.Starting, Truth.False, Reason.AsWanted);
    var crashed = all(starting, Truth.False, Reason.CrashLoopBackOff, Truth.False, Reason.AsWanted);
    var stalled =
        all(crashed, Truth.False, Reason.CrashLoopBackOff, Truth.True, Reason.CrashLoopBackOff);
    var serving = all(stalled, Truth.True, Reason.Serving, Truth.False, Reason.AsWanted);
    assertThat(told(List.of(), starting)).containsExactly("Normal Creating");
    assertThat(told(starting, starting)).isEmpty();
    assertThat(told(starting, crashed)).containsExactly("Warning CrashLoopBackOff");
    assertThat(told(crashed, stalled)).isEmpty();
    assertThat(told(stalled, serving)).containsExactly("Normal Serving");
    assertThat(told(serving, crashed)).containsExactly("Warning CrashLoopBackOff");
  }

  @Test
  void troubleOfANewVersionIsToldWhileTheOldOneServes() {
    var serving = all(List.of(), Truth.True, Reason.Serving, Truth.False, Reason.AsWanted);
    var broken = all(serving, Truth.True, Reason.Serving, Truth.True, Reason.ImagePullBackOff);
    assertThat(told(serving, broken)).containsExactly("Warning ImagePullBackOff");
  }

  @Test
  @DisplayName("S3 trouble that comes again while other instances answer is told again")
  void troubleThatComesAgainIsAnother() {
    var serving = list(THEN, List.of(), Truth.False, Reason.AsWanted);
    var crashed = list(THEN, serving, Truth.True, Reason.CrashLoopBackOff);
    var recovered = list(NOW, crashed, Truth.False, Reason.AsWanted);
    var again = list(NOW, recovered, Truth.True, Reason.CrashLoopBackOff);
    assertThat(told(recovered, again)).containsExactly("Warning CrashLoopBackOff");
    assertThat(Transitions.between(recovered, again).getFirst().identity())
        .isNotEqualTo(Transitions.between(serving, crashed).getFirst().identity());
  }

  private static List<Condition> list(
      String time, List<Condition> before, Truth stalled, Reason reason) {
    return new Conditions(before, 1, clock(time))
        .add("Ready", Truth.True, Reason.Serving, "")
        .add("Stalled", stalled, reason, "")
        .list();
  }

  @Test
  void theSameChangeHasTheSameIdentity() {
    var starting = all(List.of(), Truth.False, Reason.Starting, Truth.False, Reason.AsWanted);
    var serving = all(starting, Truth.True, Reason.Serving, Truth.False, Reason.AsWanted);
    assertThat(Transitions.between(starting, serving).getFirst().identity())
        .isEqualTo(Transitions.between(starting, serving).getFirst().identity())
        .isNotEqualTo(Transitions.between(List.of(), serving).getFirst().identity());
  }

  private static List<String> told(List<Condition> before, List<Condition> after) {
    return Transitions.between(before, after).stream()
        .map(change -> (change.warning() ? "Warning " : "Normal ") + change.reason())
        .toList();
  }

  private static List<Condition> all(
      List<Condition> before,
      Truth ready,
      Reason readyReason,
      Truth stalled,
      Reason stalledReason) {
    return new Conditions(before, 1, clock(NOW))
        .add("Ready", ready, readyReason, "")
        .add("Progressing", Truth.True, Reason.Creating, "")
        .add("Stalled", stalled, stalledReason, "")
        .list();
  }

  private static List<Condition> at(
      String time, List<Condition> before, String type, Truth status, Reason reason) {
    return new Conditions(before, 7, clock(time)).add(type, status, reason, "").list();
  }

  private static Clock clock(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }
}
