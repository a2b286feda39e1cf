package io.mistraloperator.operator.rollout;

import io.mistraloperator.api.RolloutStatus;
import io.mistraloperator.api.RolloutStatus.Strategy;

/** In which order instances of a new version come and those of the old one go. */
public sealed interface RolloutPlan {
  /**
   * New instances start before old ones go.
   *
   * @param maxSurge how many more may run meanwhile, from 1
   * @param maxUnavailable how many may be missing meanwhile, from 0
   * @param message for people
   */
  record Surge(int maxSurge, int maxUnavailable, String message) implements RolloutPlan {
    @Override
    public int downtimeSeconds() {
      return 0;
    }
  }

  /**
   * Old instances go before new ones start.
   *
   * @param maxUnavailable how many may be missing meanwhile, from 1
   * @param downtimeSeconds for how long nothing answers, at most; 0 when others do
   * @param message for people
   */
  record OneByOne(int maxUnavailable, int downtimeSeconds, String message) implements RolloutPlan {
    @Override
    public int maxSurge() {
      return 0;
    }
  }

  /** Instances that run beyond those wanted, at most. */
  int maxSurge();

  /** Instances that are missing, at most. */
  int maxUnavailable();

  /** Seconds for which nothing answers, at most. */
  int downtimeSeconds();

  /** Why, and what it means for those who call the model. */
  String message();

  /**
   * The plan as a status tells it.
   *
   * @param version what is rolled out
   * @param since when this was first told
   */
  default RolloutStatus status(String version, String since) {
    return new RolloutStatus(
        switch (this) {
          case Surge ignored -> Strategy.Surge;
          case OneByOne ignored -> Strategy.OneByOne;
        },
        message(),
        maxSurge(),
        maxUnavailable(),
        downtimeSeconds(),
        version,
        since);
  }
}
