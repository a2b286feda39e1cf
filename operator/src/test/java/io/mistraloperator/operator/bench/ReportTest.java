package io.mistraloperator.operator.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("T-T5 a measurement of 500 deployments fails beyond its bounds")
class ReportTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Samples NONE = Samples.of("");
  private static final String CALLS = "apiserver_request_total{resource=\"%s\",verb=\"GET\"} %d\n";

  private final Report report = new Report();

  @Test
  void withinThem() {
    report.add(line(100, 400));
    report.atRest(calls(12), NONE, MINUTE, MINUTE);
    report.written("at rest", Map.of("a", "1"), Map.of("a", "1"));
    report.failover(Duration.ofSeconds(20), Duration.ofSeconds(40));

    assertThat(report.broken()).isEmpty();
    assertThat(report.text(500, 5)).contains("gets 72 calls in 60 s", "60 of them for the leader");
  }

  @Test
  void beyondThem() {
    report.add(line(101, 401));
    report.atRest(calls(13), NONE, MINUTE, MINUTE);
    report.written("at rest", Map.of("a", "1", "b", "1"), Map.of("a", "2"));
    report.failover(Duration.ofMillis(20_001), Duration.ofSeconds(40));

    assertThat(report.broken())
        .containsExactly(
            "while many come, p99 of work is 101 ms",
            "while many come, memory is 401 MiB",
            "at rest there are 13 calls a minute besides those for the lease",
            "2 objects were written or removed at rest",
            "the failover took 20.0 s");
  }

  private static Samples calls(int besidesTheLease) {
    return Samples.of(CALLS.formatted("leases", 60) + CALLS.formatted("services", besidesTheLease));
  }

  private static Phase.Line line(int work, int most) {
    var any = Duration.ofSeconds(1);
    return new Phase.Line("many come", any, 1, any, any, Duration.ofMillis(work), any, 1, most);
  }
}
