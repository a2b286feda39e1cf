package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/** Hours of the week in which more instances run without any load. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
    value = "self.from != self.to",
    message = "from and to of a schedule must differ; from 00:00 to 24:00 is a whole day",
    fieldPath = ".to")
public record ScalingSchedule(
    @Size(min = 1, max = 7) @JsonPropertyDescription("Days on which it begins. Default: every day.")
        List<Day> days,
    @Required
        @Pattern(HOUR) @Size(min = 5, max = 5) @JsonPropertyDescription("When it begins, for instance 08:00.")
        String from,
    @Required
        @Pattern(HOUR) @Size(min = 5, max = 5) @JsonPropertyDescription(
            "When it ends, for instance 18:30; on the next day where that is earlier than from.")
        String to,
    @Default("UTC")
        @Size(min = 1, max = 64) @ValidationRule(
            value =
                "!self.contains(':') && self != 'Local' && timestamp('2026-01-01T00:00:00Z').getFullYear(self) > 0",
            message =
                "timeZone must be one of the IANA database, for instance Europe/Paris, or UTC; an offset like +02:00 or Local is none")
        @JsonPropertyDescription(
            "Time zone of both, for instance Europe/Paris; its daylight saving time counts.")
        String timeZone,
    @Required @Min(1) @Max(50) @JsonPropertyDescription("Instances that run at least meanwhile.")
        Integer minInstances) {
  private static final String HOUR = "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$";

  /** Days of the week. */
  public enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun
  }
}
