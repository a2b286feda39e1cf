package io.mistraloperator.gateway.chat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request that is not answered, with the reason for the client. Thrown by any step and caught in
 * one place; carries no stack trace, since it is an answer and not a fault.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient List<Problem> problems;
  private final transient Optional<Duration> retryAfter;
  private final transient List<String> allowedMethods;

  private Refusal(
      ErrorCode code,
      String message,
      List<Problem> problems,
      Optional<Duration> retryAfter,
      List<String> allowedMethods) {
    super(message, null, false, false);
    this.code = code;
    this.problems = List.copyOf(problems);
    this.retryAfter = retryAfter;
    this.allowedMethods = List.copyOf(allowedMethods);
  }

  /** A refusal with one sentence for the client. */
  public static Refusal of(ErrorCode code, String message) {
    return new Refusal(code, message, List.of(), Optional.empty(), List.of());
  }

  /** A refusal of values; {@code problems} has at least one. */
  public static Refusal of(List<Problem> problems) {
    return of(problems, 0);
  }

  /**
   * A refusal of values of which not all are listed.
   *
   * @param problems at least one
   * @param more how many there are besides
   */
  public static Refusal of(List<Problem> problems, int more) {
    boolean lacking = problems.stream().allMatch(p -> p.type().equals(Problem.NOT_SUPPORTED));
    return new Refusal(
        lacking ? ErrorCode.PARAMETER_NOT_SUPPORTED : ErrorCode.INVALID_INPUT,
        problems.stream().map(Problem::words).collect(Collectors.joining("; "))
            + (more == 0 ? "" : "; and " + more + " more problems"),
        problems,
        Optional.empty(),
        List.of());
  }

  /** A refusal of the verb; {@code allowed} are the ones that the path knows. */
  public static Refusal method(String method, String path, List<String> allowed) {
    return new Refusal(
        ErrorCode.METHOD_NOT_ALLOWED,
        path + " takes " + String.join(", ", allowed) + ", not " + method,
        List.of(),
        Optional.empty(),
        allowed);
  }

  /** A refusal, since nobody can answer, that may be tried again after a while. */
  public static Refusal later(String message, Duration after) {
    return later(ErrorCode.SERVICE_UNAVAILABLE, message, after);
  }

  /** A refusal that may be tried again after a while. */
  public static Refusal later(ErrorCode code, String message, Duration after) {
    return new Refusal(code, message, List.of(), Optional.of(after), List.of());
  }

  /** Row of the error table. */
  public ErrorCode code() {
    return code;
  }

  /** What is wrong with the request's values; empty for refusals of another kind. */
  public List<Problem> problems() {
    return problems;
  }

  /** When to try again. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }

  /** Verbs that the path knows; empty unless the verb was the reason. */
  public List<String> allowedMethods() {
    return allowedMethods;
  }
}
