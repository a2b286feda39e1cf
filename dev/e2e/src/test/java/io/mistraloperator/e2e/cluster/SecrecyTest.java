package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** After all other tests: what they produced holds no key. */
@RealCluster
@Order(Integer.MAX_VALUE - 1)
class SecrecyTest {
  private final Cluster cluster;

  SecrecyTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName(
      "T-K2 no key in any log, event, status, pod spec, env, argument or metric of the whole run")
  void showsNoKey() throws IOException {
    try (Project project = cluster.project("secrecy")) {
      // A right and a wrong call, so that this class alone has something to look at as well.
      project.deployReady("secret");
      project.application("secret").chat("Hi");
      project.application("secret").withKey("wrong").chat("Hi");
      Set<String> keys = cluster.recorder().keys();
      assertThat(keys).hasSizeGreaterThanOrEqualTo(2);
      writeMetrics();
      List<Path> record;
      try (Stream<Path> files = Files.walk(Recorder.FOLDER)) {
        record = files.filter(Files::isRegularFile).toList();
      }
      assertThat(record)
          .extracting(file -> file.getFileName().toString())
          .contains("Pod.jsonl", "Event.jsonl", "MistralDeployment.jsonl", "InferenceRoute.jsonl")
          .anyMatch(name -> name.contains("gateway") && name.endsWith(".log"))
          .anyMatch(name -> name.contains("operator") && name.endsWith(".log"))
          .anyMatch(name -> name.contains(".engine.") && name.endsWith(".log"));
      assertThat(record.stream().flatMap(file -> betrayals(file, keys).stream())).isEmpty();
    }
  }

  private void writeMetrics() {
    for (String component : List.of("operator", "gateway")) {
      cluster
          .metrics(component)
          .forEach(
              (pod, metrics) -> {
                assertThat(metrics).contains("# TYPE");
                Dump.write(Recorder.FOLDER, pod + ".metrics", metrics);
              });
    }
  }

  /** Where a file shows a key, as it is or in base64. Names the line, not the key. */
  private static List<String> betrayals(Path file, Set<String> keys) {
    List<String> needles = new ArrayList<>(keys);
    keys.forEach(
        key ->
            needles.add(Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8))));
    List<String> found = new ArrayList<>();
    int number = 0;
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      for (String line : (Iterable<String>) lines::iterator) {
        number++;
        if (needles.stream().anyMatch(line::contains)) {
          found.add(file + ":" + number);
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return found;
  }
}
