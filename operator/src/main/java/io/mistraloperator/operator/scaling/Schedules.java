package io.mistraloperator.operator.scaling;

import io.mistraloperator.api.ScalingSchedule;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Says how many instances the hours of the week ask for. */
final class Schedules {
  private static final String MIDNIGHT = "24:00";

  private static final String UTC = "UTC";

  private Schedules() {}

  /**
   * Time zones that are not known here, as they are written; their hours count in UTC. The API
   * server has a list of its own, which may be another.
   */
  static List<String> unknownZones(List<ScalingSchedule> schedules) {
    return schedules.stream()
        .map(ScalingSchedule::timeZone)
        .filter(Objects::nonNull)
        .filter(zone -> zone(zone).isEmpty())
        .distinct()
        .toList();
  }

  /** The largest of those in force; 0 when none is. */
  static int min(List<ScalingSchedule> schedules, Instant now) {
    return schedules.stream()
        .filter(schedule -> isInForce(schedule, now))
        .mapToInt(ScalingSchedule::minInstances)
        .max()
        .orElse(0);
  }

  private static boolean isInForce(ScalingSchedule schedule, Instant now) {
    var zone = zone(Objects.requireNonNullElse(schedule.timeZone(), UTC)).orElse(ZoneOffset.UTC);
    LocalDate today = now.atZone(zone).toLocalDate();
    return began(schedule, today, zone, now) || began(schedule, today.minusDays(1), zone, now);
  }

  private static Optional<ZoneId> zone(String name) {
    try {
      return Optional.of(ZoneId.of(name, ZoneId.SHORT_IDS));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether it began on a day and has not ended. */
  private static boolean began(ScalingSchedule schedule, LocalDate day, ZoneId zone, Instant now) {
    if (schedule.days() != null
        && !schedule.days().contains(ScalingSchedule.Day.values()[day.getDayOfWeek().ordinal()])) {
      return false;
    }
    var from = at(day, schedule.from(), zone);
    boolean overMidnight = schedule.to().compareTo(schedule.from()) < 0;
    var to = at(overMidnight ? day.plusDays(1) : day, schedule.to(), zone);
    return !now.isBefore(from.toInstant()) && now.isBefore(to.toInstant());
  }

  private static ZonedDateTime at(LocalDate day, String time, ZoneId zone) {
    return time.equals(MIDNIGHT)
        ? day.plusDays(1).atStartOfDay(zone)
        : day.atTime(LocalTime.parse(time)).atZone(zone);
  }
}
