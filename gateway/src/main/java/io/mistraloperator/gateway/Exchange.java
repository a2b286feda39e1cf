package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.auth.Credential;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.hold.Refusals;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Project;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.RouteTable;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One request from its head to its settlement. All of it runs on one event loop; a step that cannot
 * go on throws a {@link Refusal}, which is answered in one place.
 */
public final class Exchange {
  private static final Logger LOG = Logger.getLogger(Exchange.class);

  private final Services services;
  private final Head head;
  private final Caller caller;
  private final Ledger ledger;
  private Optional<Choices> choices = Optional.empty();
  private Optional<Shaper> shaper = Optional.empty();
  private OptionalLong deadline = OptionalLong.empty();
  private boolean streaming;
  private boolean opened;
  private boolean over;

  /**
   * Makes an exchange.
   *
   * @param requestId the gateway's id of the request
   */
  public Exchange(Services services, String requestId, Head head, Caller caller) {
    this.services = services;
    this.head = head;
    this.caller = caller;
    this.ledger = new Ledger(services, requestId, head);
  }

  /** Takes the request through its steps. */
  public void begin() {
    caller.whenGone(this::gone);
    step(
        () -> {
          switch (services.routes().find(head.host(), head.path())) {
            case RouteTable.Match.Endpoint(Route route, String path) -> endpoint(route, path);
            case RouteTable.Match.Unified(Project project, String path) -> unified(project, path);
          }
        });
  }

  private void endpoint(Route route, String path) {
    ledger.found(route);
    services
        .gate()
        .admit(route, Credential.in(head::header))
        .onSuccess(admitted -> step(() -> perform(route, path)))
        .onFailure(this::refuse);
  }

  private void perform(Route route, String path) {
    Task task = route.deployments().getFirst().model().task();
    Operation operation =
        asked(
            Operation.of(Operation.known(task), Operation.servedFor(task), head.method(), path),
            path);
    Selection selection = Selection.of(services, route, head);
    Deployment deployment = selection.deployment();
    answers(route, deployment);
    switch (operation) {
      case Operation.Health() -> health(deployment);
      case Operation.Info() -> document(Documents.info(deployment.model()));
      case Operation.Models() -> document(Documents.models(deployment, route.created()));
      case Operation.Description() -> document(OpenApi.of(route, deployment, base()));
      case Operation.Answer(Dialect spoken) -> {
        Dialect dialect = spoken.of(deployment.model().task());
        requireTask(deployment, dialect);
        limitTime(deployment.limits().total());
        body(
            deployment.limits().bodyBytes(),
            body -> call(route, selection, dialect, JsonBody.object(body), body));
      }
    }
  }

  /** The body says whose endpoint it is, and is not read for callers without any. */
  private void unified(Project project, String path) {
    UnifiedEndpoint.unlock(services.gate(), Credential.in(head::header), project)
        .onSuccess(endpoint -> step(() -> perform(endpoint, path)))
        .onFailure(this::refuse);
  }

  private void perform(UnifiedEndpoint endpoint, String path) {
    Operation.Answer answer =
        asked(Operation.of(Operation.UNIFIED, Operation.UNIFIED, head.method(), path), path);
    limitTime(endpoint.longest());
    body(
        endpoint.largestBody(),
        body -> {
          ObjectNode json = JsonBody.object(body);
          Route route = endpoint.select(json.path("model"));
          ledger.found(route);
          Selection selection = Selection.of(services, route, head);
          Deployment deployment = selection.deployment();
          answers(route, deployment);
          requireTask(deployment, answer.dialect());
          limitTime(deployment.limits().total());
          call(route, selection, answer.dialect(), json, body);
        });
  }

  private <O extends Operation> O asked(O operation, String path) {
    ledger.asked(operation, path);
    ApiVersion.check(head.query());
    return operation;
  }

  private void answers(Route route, Deployment deployment) {
    ledger.found(route, deployment);
    caller.deployment(deployment.name());
  }

  /** The path in front of the operation's own, without its last slash. */
  private String base() {
    return head.path().substring(0, Math.max(0, head.path().lastIndexOf("/swagger.json")));
  }

  private void health(Deployment deployment) {
    if (!Selection.takes(services, deployment)) {
      throw Refusals.noneReady();
    }
    document(Documents.HEALTHY);
  }

  private void document(JsonNode document) {
    settle();
    caller.answer(Json.bytes(document));
  }

  private static void requireTask(Deployment deployment, Dialect dialect) {
    if (deployment.model().task() != dialect.task()) {
      throw Refusal.of(
          ErrorCode.NOT_FOUND,
          deployment.model().name()
              + switch (deployment.model().task()) {
                case ChatCompletions ->
                    " chats and does not continue texts: use /chat/completions.";
                case TextGeneration -> " continues texts and does not chat: use /completions.";
              });
    }
  }

  private void body(int limit, Consumer<byte[]> next) {
    JsonBody.requireType(head);
    caller.body(limit).onSuccess(body -> step(() -> next.accept(body))).onFailure(this::refuse);
  }

  /** Counts from the head of the request, also where the limit is known later. */
  private void limitTime(Duration limit) {
    deadline.ifPresent(services.vertx()::cancelTimer);
    deadline =
        OptionalLong.of(
            services
                .vertx()
                .setTimer(
                    Math.max(1, limit.minus(ledger.elapsed()).toMillis()),
                    late ->
                        refuse(
                            Refusal.of(
                                ErrorCode.REQUEST_TIMEOUT,
                                "The request took longer than the "
                                    + limit.toSeconds()
                                    + " seconds that this endpoint allows."))));
  }

  /**
   * Has the model answer.
   *
   * @param body what {@code json} was read from, for copies
   */
  private void call(
      Route route, Selection selection, Dialect dialect, ObjectNode json, byte[] body) {
    Extras.Mode extras = Extras.mode(head::header);
    Deployment deployment = selection.deployment();
    InferenceRequest request = dialect.read(json, extras, deployment.model());
    AnswerHead answer = AnswerHead.create(services.clock().instant(), deployment.model().name());
    shaper = Optional.of(dialect.shaper(answer, request));
    streaming = request.stream();
    ledger.streams(streaming);
    Choices generated =
        new Choices(services, deployment, request, ledger, caller::bodyDone, this::event);
    choices = Optional.of(generated);
    caller.whenDrained(generated::resume);
    generated.start();
    for (Deployment copied : selection.copied()) {
      Copy.send(services, route, copied, dialect, extras, body, ledger.trace());
    }
  }

  private void event(int choice, EngineEvent event, boolean last) {
    step(
        () -> {
          ledger.event(event);
          if (event instanceof EngineEvent.Failure failure) {
            throw failure.reason();
          }
          Buffer bytes = shaper.orElseThrow().shape(choice, event);
          if (last) {
            // Settled before the last byte is out: a client that has it may leave.
            settle();
          }
          if (streaming) {
            stream(bytes, last);
          } else if (last) {
            caller.answer(bytes);
          }
        });
  }

  private void stream(Buffer bytes, boolean last) {
    if (!opened) {
      opened = true;
      caller.open();
    }
    if (!caller.send(bytes)) {
      choices.ifPresent(Choices::pause);
    }
    if (last) {
      caller.end();
    }
  }

  private void gone() {
    if (!over) {
      ledger.clientGone();
      choices.ifPresent(Choices::cancel);
      settle();
    }
  }

  private void settle() {
    over = true;
    deadline.ifPresent(services.vertx()::cancelTimer);
    ledger.settle();
  }

  /** The one place where a step's refusal, or fault, becomes an answer. */
  private void step(Runnable action) {
    if (over) {
      return;
    }
    try {
      action.run();
    } catch (RuntimeException e) {
      refuse(e);
    }
  }

  private void refuse(Throwable cause) {
    if (!(cause instanceof Refusal)) {
      LOG.errorf(cause, "request %s failed inside the gateway", ledger.requestId());
    }
    if (over) {
      return;
    }
    Refusal refusal =
        cause instanceof Refusal known
            ? known
            : Refusal.of(ErrorCode.INTERNAL, "The gateway failed on this request.");
    choices.ifPresent(Choices::cancel);
    ledger.refused(refusal);
    settle();
    caller.refuse(refusal);
  }
}
