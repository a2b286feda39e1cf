package io.mistraloperator.gateway;

import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.hold.Waiter;
import io.mistraloperator.gateway.observe.EndpointLoad;
import io.mistraloperator.gateway.observe.EndpointMeters;
import io.mistraloperator.gateway.observe.GenAi;
import io.mistraloperator.gateway.observe.RequestRecord;
import io.mistraloperator.gateway.observe.RequestRecord.EndpointName;
import io.mistraloperator.gateway.observe.RequestRecord.Inference;
import io.mistraloperator.gateway.observe.RequestSpan;
import io.mistraloperator.gateway.observe.TraceContext;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Notes what happens to one request, and settles it once. */
final class Ledger implements Journal {
  private final Services services;
  private final String requestId;
  private final long began = System.nanoTime();
  private final TraceContext trace;
  private final Optional<RequestSpan> span;
  private Optional<EndpointName> endpoint = Optional.empty();
  private EndpointMeters meters;
  private String operation = "unknown";
  private Optional<String> model = Optional.empty();
  private Optional<Task> task = Optional.empty();
  private int status = 200;
  private String outcome = "ok";
  private Optional<Duration> firstToken = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private Optional<EndpointLoad.Share> load = Optional.empty();
  private int attempts;
  private boolean settled;

  Ledger(Services services, String requestId, Head head) {
    TraceContext given =
        TraceContext.of(
            head.header(TraceContext.PARENT),
            head.header(TraceContext.STATE),
            ThreadLocalRandom.current());
    this.span =
        services.tracing().request(given, head.method(), head.scheme(), head.host(), head.path());
    this.trace = span.isPresent() ? span.get().context() : given;
    this.services = services;
    this.requestId = requestId;
    this.meters = services.metrics().unknown();
  }

  String requestId() {
    return requestId;
  }

  @Override
  public TraceContext trace() {
    return trace;
  }

  void found(Route route) {
    counts(CountedAs.undecided(route));
  }

  /** The endpoint is known, and which of its deployments answers. */
  void found(Route route, Deployment deployment) {
    if (endpoint.isPresent()) {
      meters.leave();
    }
    model = Optional.of(deployment.model().name());
    counts(CountedAs.of(route, deployment));
  }

  private void counts(EndpointName name) {
    endpoint = Optional.of(name);
    meters = services.metrics().of(name);
    meters.begin();
  }

  /**
   * It is known what is asked.
   *
   * @param path after what names the endpoint
   */
  void asked(Operation asked, String path) {
    operation = asked.word();
    if (span.isPresent()) {
      span.get().asked(path);
    }
    if (asked instanceof Operation.Answer(Dialect dialect)) {
      task = Optional.of(dialect.task());
    }
  }

  /** It is known how the client wants its answer. */
  void streams(boolean asked) {
    if (span.isPresent()) {
      span.get().streams(asked);
    }
  }

  /** Known when both the model and what it is asked are: in whichever order they became known. */
  private Optional<Inference> inference() {
    return task.flatMap(what -> model.map(name -> new Inference(GenAi.operation(what), name)));
  }

  @Override
  public void weighs(long tokens) {
    load = Optional.of(meters.load().begin(tokens));
  }

  @Override
  public Waiter waiting(Runnable admitted, Consumer<Refusal> refused) {
    return new Waiter() {
      private boolean waited;

      @Override
      public void waits() {
        waited = true;
        load.ifPresent(EndpointLoad.Share::waits);
      }

      @Override
      public void admitted() {
        if (waited) {
          load.flatMap(EndpointLoad.Share::goesOn).ifPresent(meters::held);
        }
        admitted.run();
      }

      @Override
      public void refused(Refusal reason) {
        refused.accept(reason);
      }
    };
  }

  @Override
  public void attempt() {
    attempts++;
  }

  @Override
  public void engineError() {
    meters.engineError();
  }

  void event(EngineEvent event) {
    switch (event) {
      case EngineEvent.Text text -> first();
      case EngineEvent.Call call -> first();
      case EngineEvent.Finish finish -> finished(finish);
      case EngineEvent.Failure failure -> {}
    }
  }

  private void finished(EngineEvent.Finish finish) {
    usage = Optional.of(finish.usage());
    if (span.isPresent()) {
      span.get().finished(finish.reason());
    }
  }

  private void first() {
    if (firstToken.isEmpty()) {
      firstToken = Optional.of(elapsed());
    }
  }

  void refused(Refusal refusal) {
    status = refusal.code().status();
    outcome = refusal.code().word();
  }

  void clientGone() {
    status = RequestRecord.CLIENT_GONE;
    outcome = "client_gone";
  }

  void settle() {
    if (settled) {
      return;
    }
    settled = true;
    RequestRecord request =
        new RequestRecord(
            requestId,
            trace,
            endpoint,
            inference(),
            operation,
            status,
            outcome,
            elapsed(),
            firstToken,
            usage,
            attempts);
    meters.count(request);
    load.ifPresent(share -> share.end(usage));
    if (endpoint.isPresent()) {
      meters.leave();
    }
    services.accessLog().write(request);
    if (span.isPresent()) {
      span.get().end(request);
    }
  }

  /** Since the head of the request. */
  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
