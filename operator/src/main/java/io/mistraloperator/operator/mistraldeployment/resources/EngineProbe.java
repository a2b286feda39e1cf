package io.mistraloperator.operator.mistraldeployment.resources;

import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.mistraloperator.api.EngineProbes;
import io.mistraloperator.api.EngineProbes.Settings;
import io.mistraloperator.operator.plan.EnginePlan;
import java.util.Objects;
import java.util.Optional;

/** Makes the probes of an engine: one real completion at start, its health afterwards. */
final class EngineProbe {
  /** Time for one completion. */
  static final int COMPLETION_SECONDS = 25;

  private static final int STARTUP_PERIOD_SECONDS = 3;
  private static final Settings READINESS = new Settings(null, 5, 5, 3);
  private static final Settings LIVENESS = new Settings(null, 10, 5, 6);

  private EngineProbe() {}

  static Probe startup(EnginePlan plan) {
    return new ProbeBuilder()
        .withNewExec()
        .withCommand("/opt/mistral/probe")
        .endExec()
        .withPeriodSeconds(STARTUP_PERIOD_SECONDS)
        .withTimeoutSeconds(COMPLETION_SECONDS + 5)
        .withFailureThreshold(Math.ceilDiv(plan.startupSeconds(), STARTUP_PERIOD_SECONDS))
        .build();
  }

  static Probe readiness(Optional<EngineProbes> wishes) {
    return health(wishes.map(EngineProbes::readiness), READINESS);
  }

  static Probe liveness(Optional<EngineProbes> wishes) {
    return health(wishes.map(EngineProbes::liveness), LIVENESS);
  }

  private static Probe health(Optional<Settings> wishes, Settings usual) {
    Settings wish = wishes.orElse(usual);
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath("/health")
        .withNewPort(EnginePods.PORT)
        .endHttpGet()
        .withInitialDelaySeconds(wish.initialDelaySeconds())
        .withPeriodSeconds(orElse(wish.periodSeconds(), usual.periodSeconds()))
        .withTimeoutSeconds(orElse(wish.timeoutSeconds(), usual.timeoutSeconds()))
        .withFailureThreshold(orElse(wish.failureThreshold(), usual.failureThreshold()))
        .build();
  }

  private static Integer orElse(Integer wish, Integer usual) {
    return Objects.requireNonNullElse(wish, usual);
  }
}
