package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.gateway.auth.Credential;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.dialect.AnswerHead;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.Shaper;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.hold.Refusals;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.observe.TraceContext;
import io.mistraloperator.gateway.route.Project;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.route.RouteTable;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One request from its head to its settlement. All of it runs on one event loop; a step that cannot
 * go on throws a {@link Refusal}, which is answered in one place.
 */
public final class Exchange {
  static final String DEPLOYMENT = "azureml-model-deployment";
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
    TraceContext trace =
        TraceContext.of(
            head.header(TraceContext.PARENT),
            head.header(TraceContext.STATE),
            ThreadLocalRandom.current());
    this.ledger = new Ledger(services, requestId, trace);
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
    Operation operation =
        asked(Operation.of(Operation.known(route.model().task()), head.method(), path));
    deployment(route);
    switch (operation) {
      case Operation.Health() -> health(route);
      case Operation.Info() -> document(Documents.info(route.model()));
      case Operation.Models() -> document(Documents.models(route));
      case Operation.Description() -> document(OpenApi.of(route, base()));
      case Operation.Answer(Dialect dialect) -> {
        requireTask(route, dialect);
        limitTime(route.limits().total());
        body(route.limits().bodyBytes(), json -> call(route, dialect, json));
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
    Operation.Answer answer = asked(Operation.of(Operation.UNIFIED, head.method(), path));
    limitTime(endpoint.longest());
    body(
        endpoint.largestBody(),
        json -> {
          Route route = endpoint.select(json.path("model"));
          ledger.found(route);
          deployment(route);
          requireTask(route, answer.dialect());
          limitTime(route.limits().total());
          call(route, answer.dialect(), json);
        });
  }

  private <O extends Operation> O asked(O operation) {
    ledger.asked(operation);
    ApiVersion.check(head.query());
    return operation;
  }

  /** An endpoint has one deployment: the header may name that one (row D2.5). */
  private void deployment(Route route) {
    Optional<String> asked = head.header(DEPLOYMENT);
    asked
        .filter(name -> !name.equalsIgnoreCase(route.deployment()))
        .ifPresent(
            name -> {
              throw Refusal.of(
                  ErrorCode.DEPLOYMENT_NOT_FOUND,
                  "The endpoint has no deployment of the name in "
                      + DEPLOYMENT
                      + " ("
                      + Given.words(name)
                      + "); its only one is "
                      + route.deployment()
                      + ".");
            });
    caller.deployment(route.deployment());
  }

  /** The path in front of the operation's own, without its last slash. */
  private String base() {
    return head.path().substring(0, Math.max(0, head.path().lastIndexOf("/swagger.json")));
  }

  private void health(Route route) {
    boolean held = route.queueing().hold().isPresent();
    if (!held && services.instances().ready(route.service()).isEmpty()) {
      throw Refusals.noneReady();
    }
    document(Documents.HEALTHY);
  }

  private void document(JsonNode document) {
    settle();
    caller.answer(Json.bytes(document));
  }

  private static void requireTask(Route route, Dialect dialect) {
    if (route.model().task() != dialect.task()) {
      throw Refusal.of(
          ErrorCode.NOT_FOUND,
          route.model().name()
              + switch (route.model().task()) {
                case ChatCompletions ->
                    " chats and does not continue texts: use /chat/completions.";
                case TextGeneration -> " continues texts and does not chat: use /completions.";
              });
    }
  }

  private void body(int limit, Consumer<ObjectNode> next) {
    JsonBody.requireType(head);
    caller
        .body(limit)
        .onSuccess(body -> step(() -> next.accept(JsonBody.object(body))))
        .onFailure(this::refuse);
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

  private void call(Route route, Dialect dialect, ObjectNode body) {
    Extras.Mode extras = Extras.mode(head::header);
    InferenceRequest request = dialect.read(body, extras, route.model());
    AnswerHead answer = AnswerHead.create(services.clock().instant(), route.model().name());
    shaper = Optional.of(dialect.shaper(answer, request));
    streaming = request.stream();
    Choices generated =
        new Choices(services, route, request, ledger, caller::bodyDone, this::event);
    choices = Optional.of(generated);
    caller.whenDrained(generated::resume);
    generated.start();
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
