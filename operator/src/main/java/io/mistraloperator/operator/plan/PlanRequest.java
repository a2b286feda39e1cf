package io.mistraloperator.operator.plan;

import io.mistraloperator.api.MistralDeploymentSpec;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.api.ModelCache;
import io.mistraloperator.api.ModelSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The wishes of a project that bear on the plan.
 *
 * @param engine which engine, or Auto
 * @param source weights in place of the catalogue's
 * @param contextLength tokens that one request must be able to have
 * @param cache the volume that keeps fetched weights
 * @param ownClaim name of the claim that is made where the cache asks for one
 * @param precision number format of the weights; with a source of its own, that of its files
 * @param engineArgs more arguments of the server, unchecked
 */
public record PlanRequest(
    EngineChoice engine,
    Optional<ModelSource> source,
    Optional<Integer> contextLength,
    Optional<ModelCache> cache,
    String ownClaim,
    Optional<String> precision,
    List<String> engineArgs) {
  /** The wishes in a spec. */
  public static PlanRequest of(MistralDeploymentSpec spec, String ownClaim) {
    return new PlanRequest(
        Objects.requireNonNullElse(spec.engine(), EngineChoice.Auto),
        Optional.ofNullable(spec.source()),
        Optional.ofNullable(spec.contextLength()),
        Optional.ofNullable(spec.cache()),
        ownClaim,
        Optional.ofNullable(spec.precision()),
        Objects.requireNonNullElse(spec.engineArgs(), List.of()));
  }
}
