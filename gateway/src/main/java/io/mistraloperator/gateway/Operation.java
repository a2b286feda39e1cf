package io.mistraloperator.gateway;

import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.Dialect;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a request asks of its endpoint (row B0). */
sealed interface Operation {
  /** {@code GET /}. */
  record Health() implements Operation {}

  /** {@code GET /info}. */
  record Info() implements Operation {}

  /** {@code GET /v1/models}. */
  record Models() implements Operation {}

  /** {@code GET /swagger.json}. */
  record Description() implements Operation {}

  /** What the model itself answers. */
  record Answer(Dialect dialect) implements Operation {}

  /**
   * One entry of a table of paths.
   *
   * @param method in upper case
   * @param path starts with a slash
   */
  record Served<O extends Operation>(String method, String path, O operation) {
    private boolean does(Task task) {
      return !(operation instanceof Answer(Dialect dialect)) || dialect.task() == task;
    }

    private Served<Operation> widened() {
      return new Served<>(method, path, operation);
    }
  }

  /** End of the paths that only other kinds of models serve (row B6). */
  String EMBEDDINGS = "/embeddings";

  /** What is served of an endpoint besides answers of its model. */
  List<Served<Operation>> DOCUMENTS =
      List.of(
          new Served<>("GET", "/", new Health()),
          new Served<>("GET", "/info", new Info()),
          new Served<>("GET", "/v1/models", new Models()),
          new Served<>("GET", "/swagger.json", new Description()));

  /** Where the model answers. */
  List<Served<Answer>> ANSWERS =
      List.of(
          new Served<>("POST", "/chat/completions", new Answer(new Dialect.Azure())),
          new Served<>("POST", "/v1/chat/completions", new Answer(new Dialect.Mistral())),
          new Served<>("POST", "/completions", new Answer(new Dialect.AzureText())),
          new Served<>("POST", "/v1/completions", new Answer(new Dialect.OpenAiText())));

  /** Paths of Mistral's clients for Azure, which put a prefix of their own in the middle. */
  List<Served<Answer>> ALIASES =
      List.of(
          new Served<>("POST", "/models/chat/completions", new Answer(new Dialect.Azure())),
          new Served<>("POST", "/v1/models/chat/completions", new Answer(new Dialect.Mistral())));

  /** The older form of managed endpoints; each task has its own. */
  List<Served<Answer>> SCORES =
      Arrays.stream(Task.values())
          .map(task -> new Served<>("POST", "/score", new Answer(new Dialect.Score(task))))
          .toList();

  /** Every path of a unified endpoint: where a model in the body says which one is to answer. */
  List<Served<Answer>> UNIFIED =
      ANSWERS.stream()
          .map(to -> new Served<>(to.method(), "/models" + to.path(), to.operation()))
          .toList();

  /** What {@link #known} tells. */
  Map<Task, List<Served<Operation>>> KNOWN =
      Arrays.stream(Task.values()).collect(Collectors.toMap(task -> task, Operation::list));

  /** What {@link #servedFor} tells. */
  Map<Task, List<Served<Operation>>> SERVED =
      Arrays.stream(Task.values())
          .collect(
              Collectors.toMap(
                  task -> task,
                  task -> known(task).stream().filter(served -> served.does(task)).toList()));

  /**
   * Every path of an endpoint whose model does {@code task}; among them those at which it can only
   * be told that it does not.
   */
  static List<Served<Operation>> known(Task task) {
    return KNOWN.get(task);
  }

  private static List<Served<Operation>> list(Task task) {
    return Stream.of(
            DOCUMENTS.stream(),
            Stream.of(ANSWERS, ALIASES).flatMap(List::stream).map(Served::widened),
            SCORES.stream().filter(score -> score.does(task)).map(Served::widened))
        .flatMap(each -> each)
        .toList();
  }

  /** Every path at which an endpoint whose model does {@code task} answers. */
  static List<Served<Operation>> servedFor(Task task) {
    return SERVED.get(task);
  }

  /** The word in metrics and logs. */
  default String word() {
    return switch (this) {
      case Health() -> "health";
      case Info() -> "info";
      case Models() -> "models";
      case Description() -> "description";
      case Answer(Dialect dialect) -> dialect.word();
    };
  }

  /**
   * The operation of a verb and a path.
   *
   * @param offered what a path that is not in {@code table} is answered with
   * @throws Refusal when {@code table} has none
   */
  static <O extends Operation> O of(
      List<Served<O>> table, List<Served<O>> offered, String method, String path) {
    List<String> methods = new ArrayList<>();
    for (Served<O> served : table) {
      if (served.path().equals(path)) {
        if (served.method().equals(method)) {
          return served.operation();
        }
        methods.add(served.method());
      }
    }
    if (!methods.isEmpty()) {
      throw Refusal.method(method, path, methods);
    }
    if (path.endsWith(EMBEDDINGS)) {
      throw Refusal.of(
          ErrorCode.NOT_FOUND,
          "The model answers with text, it makes no embeddings (" + Given.words(path) + ").");
    }
    throw Refusal.of(
        ErrorCode.NOT_FOUND,
        "There is no such path ("
            + Given.words(path)
            + "); served are "
            + offered.stream().map(Served::path).collect(Collectors.joining(", ")));
  }
}
