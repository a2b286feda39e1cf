package io.mistraloperator.operator.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.ScalingSchedule;
import io.mistraloperator.api.ScalingSchedule.Day;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 2026-01-05 was a Monday. */
class SchedulesTest {
  private static final List<Day> WORKDAYS = List.of(Day.Mon, Day.Tue, Day.Wed, Day.Thu, Day.Fri);

  private static final List<ScalingSchedule> SCHEDULES =
      List.of(
          new ScalingSchedule(WORKDAYS, "08:00", "18:30", "Europe/Paris", 2),
          new ScalingSchedule(List.of(Day.Mon), "09:00", "10:00", "Europe/Paris", 5),
          new ScalingSchedule(List.of(Day.Sat), "22:00", "02:00", null, 3),
          new ScalingSchedule(List.of(Day.Sun), "12:00", "24:00", null, 4));

  @ParameterizedTest(name = "at {0}: {1}")
  @CsvSource({
    "2026-01-05T06:59:59Z, 0",
    "2026-01-05T07:00:00Z, 2",
    "2026-01-05T08:30:00Z, 5",
    "2026-01-05T17:29:59Z, 2",
    "2026-01-05T17:30:00Z, 0",
    "2026-07-06T06:00:00Z, 2",
    "2026-07-06T05:59:59Z, 0",
    "2026-01-10T12:00:00Z, 0",
    "2026-01-10T22:00:00Z, 3",
    "2026-01-11T01:59:59Z, 3",
    "2026-01-11T02:00:00Z, 0",
    "2026-01-11T23:59:59Z, 4",
    "2026-01-12T00:00:00Z, 0"
  })
  @DisplayName("the largest of the schedules in force counts, in its time zone, over midnight, too")
  void largestInForceCounts(Instant now, int min) {
    assertThat(Schedules.min(SCHEDULES, now)).isEqualTo(min);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"Local", "2:00", "+25:00", "Mars/Base"})
  @DisplayName("hours of a time zone that is not known count in UTC, and the zone is told")
  void unknownZoneIsUtc(String zone) {
    var odd = List.of(new ScalingSchedule(null, "08:00", "10:00", zone, 2));
    assertThat(Schedules.min(odd, Instant.parse("2026-01-05T07:59:59Z"))).isZero();
    assertThat(Schedules.min(odd, Instant.parse("2026-01-05T08:00:00Z"))).isEqualTo(2);
    assertThat(Schedules.unknownZones(odd)).containsExactly(zone);
    assertThat(Schedules.unknownZones(SCHEDULES)).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1} minutes")
  @CsvSource({"2026-03-29, 0", "2026-06-01, 60", "2026-10-25, 120"})
  @DisplayName("an hour that a change of the clocks leaves out is none, one that it repeats is two")
  void clocksChange(LocalDate day, int minutes) {
    var night = List.of(new ScalingSchedule(null, "02:30", "03:30", "Europe/Paris", 1));
    var start = day.atStartOfDay(ZoneId.of("Europe/Paris")).toInstant();
    assertThat(
            IntStream.range(0, 24 * 60)
                .filter(minute -> Schedules.min(night, start.plusSeconds(60L * minute)) == 1)
                .count())
        .isEqualTo(minutes);
  }
}
