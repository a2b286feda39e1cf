package io.mistraloperator.operator.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packaged operator as a process of its own. */
public final class OperatorProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final int port;
  private final HttpClient http = HttpClient.newHttpClient();

  private OperatorProcess(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
  }

  static OperatorProcess start(Path kubeconfig, String platform) {
    return start(kubeconfig, platform, List.of("-XX:+UseSerialGC"), Map.of());
  }

  /**
   * Starts the operator.
   *
   * @param flags of the Java machine
   * @param settings environment variables
   */
  public static OperatorProcess start(
      Path kubeconfig, String platform, List<String> flags, Map<String, String> settings) {
    try {
      var log = Files.createTempFile("operator", ".log");
      int port = freePort();
      var builder =
          new ProcessBuilder(
                  Stream.of(
                          List.of(
                              Path.of(System.getProperty("java.home"), "bin", "java").toString()),
                          flags,
                          List.of("-jar", System.getProperty("operator.application")))
                      .flatMap(List::stream)
                      .toList())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder
          .environment()
          .putAll(
              Map.of(
                  "KUBECONFIG",
                  kubeconfig.toString(),
                  "MISTRAL_NAMESPACE",
                  platform,
                  "QUARKUS_HTTP_PORT",
                  Integer.toString(port),
                  "QUARKUS_KUBERNETES_CLIENT_REQUEST_TIMEOUT",
                  "60S",
                  "QUARKUS_KUBERNETES_CLIENT_CONNECTION_TIMEOUT",
                  "60S"));
      builder.environment().putAll(settings);
      return new OperatorProcess(builder.start(), log, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Status of a GET; 0 while nobody listens. */
  public int status(String path) {
    try {
      return http.send(request(path), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Body of a GET. */
  public String get(String path) {
    try {
      return http.send(request(path), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  int exitStatus() {
    return process.exitValue();
  }

  /** Number of the process. */
  public long pid() {
    return process.pid();
  }

  /** Sends SIGKILL and waits for the end. */
  public void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  /** Sends SIGKILL when a time is up. */
  public void killAfter(Duration time) {
    try {
      process.waitFor(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    kill();
  }

  /** Sends SIGTERM, as a kubelet does. */
  public void terminate() {
    process.destroy();
  }

  /** What it wrote so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(20))
        .build();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
