package io.mistraloperator.clients;

import com.azure.ai.inference.models.ChatCompletions;
import com.azure.ai.inference.models.CompletionsUsage;
import com.azure.core.exception.HttpResponseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs the steps of the program, and says in short what each saw. */
final class Steps {
  private Steps() {}

  /**
   * Prints one line for each step: "name: what it returned", or "name: FAILED" and the error. A
   * step that fails does not stop the others.
   */
  static void run(Map<String, Callable<String>> steps) {
    steps.forEach((name, step) -> System.out.println(name + ": " + saw(step)));
  }

  private static String saw(Callable<String> step) {
    try {
      return step.call();
    } catch (Exception | AssertionError failed) {
      failed.printStackTrace();
      return "FAILED " + failed.toString().lines().findFirst().orElseThrow();
    }
  }

  /** A completion in short. */
  static String answered(ChatCompletions completions) {
    var choice = completions.getChoices().get(0);
    return answered(
        choice.getMessage().getContent(),
        choice.getFinishReason().toString(),
        completions.getUsage());
  }

  /** The same of its parts. */
  static String answered(String text, String finish, CompletionsUsage usage) {
    return "%s [%s] %d + %d"
        .formatted(text, finish, usage.getPromptTokens(), usage.getCompletionTokens());
  }

  /** The error that a request must end with. */
  static HttpResponseException refusal(Callable<?> request) throws Exception {
    Object answer;
    try {
      answer = request.call();
    } catch (HttpResponseException refused) {
      return refused;
    }
    throw new AssertionError("not refused: " + answer);
  }

  /** Status and code of a refusal. */
  static String refused(Callable<?> request) throws Exception {
    HttpResponseException refusal = refusal(request);
    var error = (Map<?, ?>) body(refusal).get("error");
    return refusal.getResponse().getStatusCode() + " " + error.get("code");
  }

  /** Status of a refused value and the place that the body names. */
  static String invalid(Callable<?> request) throws Exception {
    HttpResponseException refusal = refusal(request);
    var problem = (Map<?, ?>) ((List<?>) body(refusal).get("detail")).get(0);
    var place = ((List<?>) problem.get("loc")).stream().map(String.class::cast).toList();
    return refusal.getResponse().getStatusCode() + " " + String.join(".", place);
  }

  private static Map<?, ?> body(HttpResponseException refusal) {
    return (Map<?, ?>) refusal.getValue();
  }
}
