package io.mistraloperator.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A caller of one endpoint over TLS, which trusts the endpoint's CA and nothing else. */
public final class Application {
  /** The tiny model's answer to nearly everything. */
  public static final String GREETING = "Hello from a tiny Mistral model running on CPU.";

  private static final String DEPLOYMENT = "azureml-model-deployment";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final URI base;
  private final String key;
  private final HttpClient http;

  /**
   * @param base URL of the endpoint, without a slash at the end
   * @param key sent as bearer; empty sends none
   * @param authority PEM of the CA
   */
  public Application(URI base, String key, String authority) {
    this(
        base,
        key,
        HttpClient.newBuilder()
            .sslContext(trusting(authority))
            .connectTimeout(Duration.ofSeconds(10))
            .build());
  }

  private Application(URI base, String key, HttpClient http) {
    this.base = base;
    this.key = key;
    this.http = http;
  }

  /**
   * An answer in one piece.
   *
   * @param deployment that it says it is of; empty where it says none
   */
  public record Answer(int status, JsonNode body, String deployment) {
    /** Text of the first choice. */
    public String text() {
      return body.at("/choices/0/message/content").asText();
    }

    /** Tokens as prompt + completion = total. */
    public String usage() {
      return Application.usage(body.path("usage"));
    }
  }

  /** The same application with another key. */
  public Application withKey(String other) {
    return new Application(base, other, http);
  }

  /** {@code GET /info}. */
  public Answer info() {
    return answer(request("/info").GET().build());
  }

  /** One chat completion of a single user message, at temperature 0. */
  public Answer chat(String prompt) {
    return answer(post(body(prompt, false)));
  }

  /** The same, of one deployment of the endpoint. */
  public Answer chatWith(String deployment, String prompt) {
    return answer(
        HttpRequest.newBuilder(post(body(prompt, false)), (name, value) -> true)
            .header(DEPLOYMENT, deployment)
            .build());
  }

  /** The same, streamed. */
  public ChatStream stream(String prompt) {
    HttpResponse<InputStream> response =
        send(post(body(prompt, true)), BodyHandlers.ofInputStream());
    return new ChatStream(response.statusCode(), response.body());
  }

  /** The same, without waiting for its head; cancelling it is leaving. */
  public CompletableFuture<?> ask(String prompt) {
    return http.sendAsync(post(body(prompt, true)), BodyHandlers.ofInputStream());
  }

  private static String body(String prompt, boolean stream) {
    var body = JSON.createObjectNode();
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return body.put("temperature", 0).put("stream", stream).toString();
  }

  /**
   * The answer to any body, in one piece.
   *
   * @param path below the endpoint's URL
   */
  public HttpResponse<String> post(String path, String body) {
    return send(request(path, body), BodyHandlers.ofString());
  }

  private HttpRequest post(String body) {
    return request("/chat/completions", body);
  }

  private HttpRequest request(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  private Answer answer(HttpRequest request) {
    HttpResponse<String> response = send(request, BodyHandlers.ofString());
    return new Answer(
        response.statusCode(),
        json(response.body()),
        response.headers().firstValue(DEPLOYMENT).orElse(""));
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException failed) {
      throw new UncheckedIOException(request.uri() + ": " + failed, failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  /** What {@code text} says. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException failed) {
      throw new UncheckedIOException("not JSON: " + text, failed);
    }
  }

  static String usage(JsonNode usage) {
    return "%s + %s = %s"
        .formatted(
            usage.path("prompt_tokens"),
            usage.path("completion_tokens"),
            usage.path("total_tokens"));
  }

  private static SSLContext trusting(String authority) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var pem = new ByteArrayInputStream(authority.getBytes(StandardCharsets.UTF_8));
      int number = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("ca-" + number++, certificate);
      }
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
