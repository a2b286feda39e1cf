package io.mistraloperator.gateway.observe;

import io.mistraloperator.gateway.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the requests to one deployment of an endpoint amount to. Others, such as {@code /info} and
 * refused credentials, are no load. Totals only grow. Thread-safe.
 */
public final class EndpointLoad {
  private final InstantSource clock;
  private final AtomicLong inFlight = new AtomicLong();
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong tokensInFlight = new AtomicLong();
  private final LongAdder requests = new LongAdder();
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder completionTokens = new LongAdder();
  private volatile Optional<Instant> last = Optional.empty();

  EndpointLoad(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The load at one moment.
   *
   * @param inFlight requests that instances have
   * @param held requests that wait for an instance, or for one that is not busy
   * @param tokensInFlight estimated tokens, prompts and answers, of the requests in flight
   * @param requests that came since this gateway serves the endpoint
   * @param last when one last came, or was over; empty when none did
   * @param promptTokens of requests that are over, as far as the engine counted them
   * @param completionTokens likewise
   */
  public record Reading(
      long inFlight,
      long held,
      long tokensInFlight,
      long requests,
      Optional<Instant> last,
      long promptTokens,
      long completionTokens) {}

  /** One request's part in the load, in flight at first. Used by one thread. */
  public final class Share {
    private final long tokens;
    private int waits;
    private long since;
    private boolean over;

    private Share(long tokens) {
      this.tokens = tokens;
      flies(1);
    }

    /** The request waits, with all of it or one choice; {@link #goesOn} follows, or the end. */
    public void waits() {
      if (waits++ == 0) {
        flies(-1);
        held.incrementAndGet();
        since = System.nanoTime();
      }
    }

    /**
     * The wait is over.
     *
     * @return how long it was; empty when another choice still waits
     */
    public Optional<Duration> goesOn() {
      if (--waits > 0) {
        return Optional.empty();
      }
      held.decrementAndGet();
      flies(1);
      return Optional.of(Duration.ofNanos(System.nanoTime() - since));
    }

    /** The request is over; later calls do nothing. */
    public void end(Optional<Usage> usage) {
      if (over) {
        return;
      }
      over = true;
      if (waits > 0) {
        held.decrementAndGet();
      } else {
        flies(-1);
      }
      usage.ifPresent(
          counted -> {
            promptTokens.add(counted.prompt());
            completionTokens.add(counted.completion());
          });
      last = Optional.of(clock.instant());
    }

    private void flies(int sign) {
      inFlight.addAndGet(sign);
      tokensInFlight.addAndGet(sign * tokens);
    }
  }

  /**
   * A request comes.
   *
   * @param tokens estimated, of prompt and answer
   */
  public Share begin(long tokens) {
    requests.increment();
    last = Optional.of(clock.instant());
    return new Share(tokens);
  }

  /** The load now. */
  public Reading read() {
    return new Reading(
        inFlight.get(),
        held.get(),
        tokensInFlight.get(),
        requests.sum(),
        last,
        promptTokens.sum(),
        completionTokens.sum());
  }
}
