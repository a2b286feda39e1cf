package io.mistraloperator.operator.scaling;

import io.mistraloperator.operator.scaling.Answer.Failed;
import io.mistraloperator.operator.scaling.Answer.Said;
import io.mistraloperator.operator.scaling.LoadReport.EndpointLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all gateways have said, put together. Of one that does not answer its last word is kept, so
 * that what it carries is not forgotten; when it is back as another process, or gone for good,
 * there may have been requests until then that nobody tells of.
 */
final class Gateways {
  /** A silence that people are told of; a shorter one only keeps instances from going. */
  static final Duration STALE = Duration.ofSeconds(10);

  private final Map<String, Heard> known = new TreeMap<>();
  private boolean complete;
  private Optional<String> silence = Optional.empty();
  private Optional<Instant> doubtful = Optional.empty();

  /** The last word of a gateway. */
  private record Heard(LoadReport report, Instant at) {
    boolean isStale(Instant now) {
      return now.isAfter(at.plus(STALE));
    }
  }

  /** Takes in the answers of one round. A gateway that is not among them is gone. */
  void hear(List<Answer> answers, Instant now) {
    var silent = answers.stream().filter(this::isMissed).map(Failed.class::cast).toList();
    answers.stream()
        .filter(Said.class::isInstance)
        .map(Said.class::cast)
        .forEach(said -> update(said, now));
    forgetAllBut(answers.stream().map(Answer::gateway).collect(Collectors.toSet()), now);
    complete = !answers.isEmpty() && silent.isEmpty();
    silence =
        Optional.of(answers.isEmpty() ? "there is no gateway pod" : causes(silent, now))
            .filter(text -> !text.isEmpty())
            .map(text -> "no instance is taken away while the load is not known: " + text);
  }

  private String causes(List<Failed> silent, Instant now) {
    return silent.stream()
        .filter(failed -> isStale(failed.gateway(), now))
        .map(failed -> failed.gateway() + ": " + failed.cause())
        .collect(Collectors.joining("; "));
  }

  /** One that has never answered and serves nobody is only starting, and one that leaves may. */
  private boolean isMissed(Answer answer) {
    return answer instanceof Failed failed
        && !failed.leaving()
        && (failed.serves() || known.containsKey(failed.gateway()));
  }

  private boolean isStale(String gateway, Instant now) {
    var heard = known.get(gateway);
    return heard == null || heard.isStale(now);
  }

  private void update(Said said, Instant now) {
    var before = known.put(said.gateway(), new Heard(said.report(), now));
    if (before != null
        && before.isStale(now)
        && !before.report().bootedAt().equals(said.report().bootedAt())) {
      doubt(said.report().bootedAt());
    }
  }

  private void forgetAllBut(Set<String> present, Instant now) {
    var gone = known.keySet().stream().filter(name -> !present.contains(name)).toList();
    for (String name : gone) {
      if (known.remove(name).isStale(now)) {
        doubt(now);
      }
    }
  }

  private void doubt(Instant until) {
    doubtful = latest(doubtful, Optional.of(until));
  }

  /** What is known of a deployment, named by its route, a slash and its name. */
  Reading reading(String deployment) {
    int load = 0;
    Optional<Instant> last = doubtful;
    for (Heard heard : known.values()) {
      EndpointLoad endpoint = heard.report().of(deployment);
      load += endpoint.inFlight() + endpoint.held();
      last = latest(last, endpoint.lastRequest());
    }
    return new Reading(load, complete, last);
  }

  /**
   * The same for somebody who has seen no gateway before: when the youngest of them started, what
   * was before is forgotten.
   */
  Reading firstReading(String deployment) {
    var reading = reading(deployment);
    var booted =
        known.values().stream().map(heard -> heard.report().bootedAt()).max(Instant::compareTo);
    return new Reading(reading.load(), reading.complete(), latest(reading.lastRequest(), booted));
  }

  /** Which gateways have been silent for long, and why; absent when all is heard. */
  Optional<String> silence() {
    return silence;
  }

  private static Optional<Instant> latest(Optional<Instant> one, Optional<Instant> other) {
    return Stream.concat(one.stream(), other.stream()).max(Instant::compareTo);
  }
}
