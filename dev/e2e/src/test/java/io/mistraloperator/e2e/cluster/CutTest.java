package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Streams that take longer than their pod may. */
@RealCluster
class CutTest {
  /** An answer that ends only where the context does. */
  private static final String LONG = "Tell me a story that goes on forever";

  /** As many as the engine writes at a time, so that each takes its while. */
  private static final int STREAMS = 4;

  private final Cluster cluster;

  CutTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @Test
  @DisplayName("T-U3 a stream that outlives the grace of its pod is cut, told so, and counted")
  void cutAfterTheGrace() {
    try (Project project = cluster.project("cut")) {
      project.deployReady("brief");
      Application application = project.application("brief");
      List<ChatStream> streams =
          IntStream.range(0, STREAMS).mapToObj(number -> application.stream(LONG)).toList();
      streams.forEach(stream -> assertThat(stream.next()).isPresent());
      String pod = project.engines("brief").getFirst().getMetadata().getName();
      project.kubectl("delete", "pod", pod, "--grace-period=1", "--wait=false").orFail();
      List<CompletableFuture<ChatStream>> ends =
          streams.stream()
              .map(
                  stream ->
                      CompletableFuture.supplyAsync(stream::toEnd, Thread::startVirtualThread))
              .toList();
      List<String> codes =
          ends.stream()
              .map(CompletableFuture::join)
              .map(stream -> stream.chunks().getLast().at("/error/code").asText())
              .filter(code -> !code.isEmpty())
              .toList();
      streams.forEach(ChatStream::close);
      assertThat(codes).isNotEmpty().containsOnly("EngineFailed");
      assertThat(counted(project)).isEqualTo(codes.size());
    }
  }

  private double counted(Project project) {
    return cluster.metrics("gateway").values().stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith("mistral_gateway_engine_errors_total{"))
        .filter(line -> line.contains("\"" + project.name() + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
