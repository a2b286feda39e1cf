package io.mistraloperator.gateway.observe;

import io.mistraloperator.gateway.chat.Usage;
import java.time.Duration;
import java.util.Optional;

/**
 * What became of one request.
 *
 * @param requestId the gateway's id of it
 * @param trace where it stands in the client's trace
 * @param endpoint whose it was; empty when none was found
 * @param inference what was asked of the model; empty when it was not about to be asked
 * @param operation what was asked: {@code azure}, {@code mistral}, {@code azure-text}, {@code
 *     openai-text}, {@code info}, {@code models}, {@code health}, {@code description}, or {@code
 *     unknown}
 * @param status HTTP status; 499 when the client left before there was one
 * @param outcome the error code, {@code ok}, or {@code client_gone}
 * @param duration from the head of the request to the end
 * @param firstToken from the head of the request to the first piece of the answer
 * @param usage tokens, where the engine counted them
 * @param attempts instances that were tried
 */
public record RequestRecord(
    String requestId,
    TraceContext trace,
    Optional<EndpointName> endpoint,
    Optional<Inference> inference,
    String operation,
    int status,
    String outcome,
    Duration duration,
    Optional<Duration> firstToken,
    Optional<Usage> usage,
    int attempts) {
  /** Status of a request whose client left. */
  public static final int CLIENT_GONE = 499;

  /**
   * What is asked of a model.
   *
   * @param operation OpenTelemetry's word for it, for instance {@code chat}
   * @param model its name
   */
  public record Inference(String operation, String model) {}

  /**
   * The labels of an endpoint and what answers behind it.
   *
   * @param project namespace
   * @param name endpoint name
   * @param deployment behind it; empty where the request came to none
   */
  public record EndpointName(String project, String name, String deployment) {
    /** Whether it names a deployment. */
    public boolean decided() {
      return !deployment.isEmpty();
    }
  }
}
