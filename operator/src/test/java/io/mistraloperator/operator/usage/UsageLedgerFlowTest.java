package io.mistraloperator.operator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.config.OperatorConfig;
import io.mistraloperator.operator.kube.Departed;
import io.mistraloperator.operator.kube.Labels;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A ledger with many deployments that are gone, on a real API server. */
@ExtendWith(ApiServerExtension.class)
class UsageLedgerFlowTest {
  private static final int GONE = ProjectUsage.MOST_GONE + 100;
  private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");

  private final ApiServer server;
  private final String platform;
  private final String project;
  private final UsageBook book;

  UsageLedgerFlowTest(ApiServer server) {
    this.server = server;
    this.platform = server.newNamespace();
    this.project = server.newNamespace();
    var config =
        new SmallRyeConfigBuilder()
            .withMapping(OperatorConfig.class)
            .withDefaultValue("mistral.namespace", platform)
            .build()
            .getConfigMapping(OperatorConfig.class);
    var clock = Clock.fixed(START.plusSeconds(GONE), java.time.ZoneOffset.UTC);
    this.book =
        new UsageBook(
            server.client(),
            config,
            new UsageMeters(new SimpleMeterRegistry(), config, clock),
            new Departed(),
            clock);
  }

  @Test
  @DisplayName("T-B1 the sweep sums up the oldest, and what it forgot is not counted once more")
  void sumsUpTheOldest() {
    var objects = new UsageObjects(server.client(), platform);
    var ledger = objects.read(project);
    for (int i = 0; i < GONE; i++) {
      ledger =
          ledger.with(uid(i), ProjectUsageTest.used("d" + i, START, START.plusSeconds(i + 1), 1));
    }
    objects.write(ledger);
    new UsageSweep(server.client(), book).sweep();
    var after = objects.read(project);
    assertThat(after.meters()).hasSize(ProjectUsage.MOST_GONE).doesNotContainKey(uid(99));
    assertThat(after.meters().values()).allSatisfy(meter -> assertThat(meter.ended()).isEmpty());
    assertThat(seconds(after.rest().orElseThrow())).isEqualTo(100 * 101 / 2);
    assertThat(after.meters().values().stream().mapToLong(UsageLedgerFlowTest::seconds).sum())
        .isEqualTo(GONE * (GONE + 1) / 2 - 100 * 101 / 2);

    for (int late : List.of(99, 100)) {
      var pod =
          new Sighting(
              "d" + late + "-pod-0",
              START,
              Optional.empty(),
              false,
              Optional.empty(),
              new Rate("type", 24, 1, BigDecimal.ONE));
      book.observe(
          new Labels.Owner("MistralDeployment", project, "d" + late, uid(late)), "m", List.of(pod));
    }
    assertThat(objects.read(project)).isEqualTo(after);
  }

  private static long seconds(Meter meter) {
    return meter.totals().get("type").seconds();
  }

  private static String uid(int number) {
    return "uid-%04d".formatted(number);
  }
}
