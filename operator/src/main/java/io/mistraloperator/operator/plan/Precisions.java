package io.mistraloperator.operator.plan;

import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which number formats of weights come into question. */
final class Precisions {
  private static final String EIGHT_BITS = "FP8";

  /** GPUs before compute capability 8.0, on which vLLM has no kernel for 8-bit floats. */
  private static final Set<String> WITHOUT_EIGHT_BITS = Set.of("V100", "T4", "P100", "P40");

  private Precisions() {}

  /** What comes into question. */
  sealed interface Choice {}

  /** In the catalogue's order, at least one. */
  record Chosen(List<Source> sources) implements Choice {}

  /** Nothing does. */
  record None(Refusal refusal) implements Choice {}

  /**
   * Sources of the wanted precision with which the machine can compute.
   *
   * @param sources for the engine, at least one
   */
  static Choice choose(Model model, Machine machine, PlanRequest request, List<Source> sources) {
    Optional<String> wanted = request.precision();
    List<Source> those =
        sources.stream()
            .filter(source -> wanted.filter(one -> !one.equals(source.precision())).isEmpty())
            .toList();
    if (those.isEmpty()) {
      return none(
          "spec.precision is %s, and the catalogue has weights of %s for this engine in %s: choose one of these, or set spec.source to where yours are"
              .formatted(wanted.orElseThrow(), model.id(), words(sources)));
    }
    List<Source> computable =
        those.stream().filter(source -> computes(machine, source.precision())).toList();
    return computable.isEmpty()
        ? none(
            "instance type %s has GPUs of type %s, which cannot compute with %s weights: choose another precision or instance type"
                .formatted(machine.name(), machine.gpus().orElseThrow().model(), words(those)))
        : new Chosen(computable);
  }

  private static Choice none(String message) {
    return new None(new Refusal(Reason.PrecisionNotOffered, message));
  }

  private static boolean computes(Machine machine, String precision) {
    return !precision.equals(EIGHT_BITS)
        || machine
            .gpus()
            .filter(
                gpus -> WITHOUT_EIGHT_BITS.stream().anyMatch(old -> gpus.model().startsWith(old)))
            .isEmpty();
  }

  private static String words(List<Source> sources) {
    return sources.stream().map(Source::precision).distinct().collect(Collectors.joining(", "));
  }
}
