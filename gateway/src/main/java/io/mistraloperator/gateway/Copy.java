package io.mistraloperator.gateway;

import io.mistraloperator.gateway.chat.EngineEvent;
import io.mistraloperator.gateway.chat.InferenceRequest;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.chat.Usage;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.rule.Extras;
import io.mistraloperator.gateway.hold.Waiter;
import io.mistraloperator.gateway.observe.EndpointLoad;
import io.mistraloperator.gateway.observe.EndpointMeters;
import io.mistraloperator.gateway.observe.TraceContext;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A copy of a request to a deployment whose answer nobody gets (row D2.6). It waits for nothing and
 * has bounds of its own, so that the request that it is a copy of is neither slower nor less safe;
 * it counts as load of its deployment, which has to do the work, but wakes none that has scaled to
 * zero: who mirrors asks for no instance.
 */
final class Copy implements Journal {
  private static final Logger LOG = Logger.getLogger(Copy.class);

  private final Services services;
  private final Deployment deployment;
  private final EndpointMeters meters;
  private final TraceContext trace;
  private final int bytes;
  private Optional<EndpointLoad.Share> load = Optional.empty();
  private Optional<Choices> choices = Optional.empty();
  private Optional<Usage> usage = Optional.empty();
  private OptionalLong deadline = OptionalLong.empty();
  private boolean over;

  private Copy(
      Services services, Route route, Deployment deployment, TraceContext trace, int bytes) {
    this.services = services;
    this.deployment = deployment;
    this.meters = services.metrics().of(CountedAs.of(route, deployment));
    this.trace = trace;
    this.bytes = bytes;
  }

  /**
   * Sends a copy, unless there is no room for one. Never fails; begins after the current turn of
   * the event loop, in which the request itself goes on.
   *
   * @param body of the request, as it came
   */
  static void send(
      Services services,
      Route route,
      Deployment deployment,
      Dialect dialect,
      Extras.Mode extras,
      byte[] body,
      TraceContext trace) {
    Copy copy = new Copy(services, route, deployment, trace, body.length);
    // Before it counts as load, which would wake a deployment that has scaled to zero.
    boolean nobody = services.instances().ready(deployment.service()).isEmpty();
    if (deployment.model().task() != dialect.task() || nobody) {
      copy.meters.mirrored("dropped");
    } else if (!services.copies().take(body.length)) {
      copy.meters.mirrored("no_room");
    } else {
      services.vertx().getOrCreateContext().runOnContext(turn -> copy.begin(dialect, extras, body));
    }
  }

  private void begin(Dialect dialect, Extras.Mode extras, byte[] body) {
    try {
      deadline =
          OptionalLong.of(
              services
                  .vertx()
                  .setTimer(deployment.limits().total().toMillis(), late -> end("timeout")));
      InferenceRequest request = dialect.read(JsonBody.object(body), extras, deployment.model());
      Choices generated = new Choices(services, deployment, request, this, () -> {}, this::event);
      choices = Optional.of(generated);
      generated.start();
    } catch (Refusal refused) {
      end("refused");
    } catch (RuntimeException e) {
      LOG.errorf(e, "a copy for deployment %s failed inside the gateway", deployment.id());
      end("failed");
    }
  }

  private void event(int choice, EngineEvent event, boolean last) {
    switch (event) {
      case EngineEvent.Finish finish -> usage = Optional.of(finish.usage());
      case EngineEvent.Failure failure -> {
        end("failed");
        return;
      }
      case EngineEvent.Text text -> {}
      case EngineEvent.Call call -> {}
    }
    if (last) {
      end("ok");
    }
  }

  private void end(String outcome) {
    if (over) {
      return;
    }
    over = true;
    deadline.ifPresent(services.vertx()::cancelTimer);
    choices.ifPresent(Choices::cancel);
    services.copies().give(bytes);
    load.ifPresent(share -> share.end(usage));
    meters.mirrored(outcome);
  }

  @Override
  public void weighs(long tokens) {
    load = Optional.of(meters.load().begin(tokens));
  }

  /** What would have to wait is not worth its room. */
  @Override
  public Waiter waiting(Runnable admitted, Consumer<Refusal> refused) {
    return new Waiter() {
      @Override
      public void waits() {
        // The ticket that tells it is not complete before this returns.
        services.vertx().runOnContext(turn -> end("dropped"));
      }

      @Override
      public void admitted() {
        if (!over) {
          admitted.run();
        }
      }

      @Override
      public void refused(Refusal reason) {
        end("dropped");
      }
    };
  }

  /** Attempts are told in the log, which copies are not in. */
  @Override
  public void attempt() {}

  @Override
  public void engineError() {
    meters.engineError();
  }

  @Override
  public TraceContext trace() {
    return trace;
  }
}
