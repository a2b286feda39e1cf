package io.mistraloperator.operator.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mistraloperator.operator.kube.PodPages;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Asks a fetcher how far it is. */
@Singleton
public class ProgressReader {
  private static final Logger LOG = Logger.getLogger(ProgressReader.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long LONGEST = 4096;

  private final ObjectMapper mapper =
      new ObjectMapper().enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_AS_NULL);
  private final HttpClient client = PodPages.client(PATIENCE);
  private final int port;

  @Inject
  public ProgressReader() {
    this(Fetches.PORT);
  }

  /** A reader of fetchers that tell on another port. */
  public ProgressReader(int port) {
    this.port = port;
  }

  @PreDestroy
  void close() {
    client.shutdownNow();
  }

  /** What the fetcher at an address says; empty when it does not answer in a second. */
  Optional<FetchProgress> read(String address) {
    var request =
        HttpRequest.newBuilder(PodPages.page(address, port, "/progress")).timeout(PATIENCE).build();
    try {
      HttpResponse<String> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST));
      return answer.statusCode() == 200
          ? Optional.of(mapper.readValue(answer.body(), FetchProgress.class))
          : Optional.empty();
    } catch (JsonProcessingException e) {
      LOG.debugf("the fetcher at %s says what is not understood: %s", address, e.getMessage());
      return Optional.empty();
    } catch (IOException e) {
      // It is starting or ending, or a network policy is in the way; the status then stays as it
      // was.
      LOG.debugf("the fetcher at %s does not answer: %s", address, e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
