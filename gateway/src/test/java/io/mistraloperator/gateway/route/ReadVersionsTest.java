package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.route.ReadVersions.Version;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("who waits for a version of a route hears of it")
class ReadVersionsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final ReadVersions versions = new ReadVersions();

  @ParameterizedTest(name = "{0} {1} of another route: {2}")
  @CsvSource({"one, 2, true", "one, 3, true", "one, 1, false", "another, 2, false"})
  @DisplayName("the version itself or a later one of the same object will do")
  void sameOrLater(String uid, long generation, boolean served) {
    var before = asked();
    versions.served("other", new Version("one", 2));
    assertThat(before).isNotDone();

    versions.served("chat", new Version(uid, generation));
    assertThat(before.isDone()).isEqualTo(served);
    assertThat(asked().isDone()).as("asked when it is there").isEqualTo(served);

    versions.gone("chat");
    assertThat(asked()).as("asked when it is gone").isNotDone();
  }

  @Test
  @DisplayName("who has waited long enough hears that, and is forgotten")
  void late() {
    var late = versions.await("chat", new Version("one", 2), Duration.ofMillis(1));
    assertThat(late.toCompletableFuture())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(TimeoutException.class);
    versions.served("chat", new Version("one", 2));
    assertThat(asked()).isCompleted();
  }

  private CompletableFuture<Void> asked() {
    return versions.await("chat", new Version("one", 2), LONG).toCompletableFuture();
  }
}
