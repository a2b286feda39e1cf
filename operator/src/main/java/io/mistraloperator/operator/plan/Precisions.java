package io.mistraloperator.operator.plan;

import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Machine.Gpus;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which number formats of weights come into question. */
final class Precisions {
  private static final Set<String> SMALL_FLOATS = Set.of("FP8", "NVFP4");

  /** GPUs before compute capability 8.0, on which vLLM has no kernel for floats of 8 or 4 bits. */
  private static final Set<String> WITHOUT_SMALL_FLOATS = Set.of("V100", "T4", "P100", "P40");

  /** GPUs that compute with 4-bit floats: compute capability 10.0 and later. */
  private static final Set<String> WITH_FOUR_BITS = Set.of("B200", "B300", "GB200", "GB300");

  private Precisions() {}

  /** What comes into question. */
  sealed interface Choice {}

  /** Best first, at least one. */
  record Chosen(List<Source> sources) implements Choice {}

  /** Nothing does. */
  record None(Refusal refusal) implements Choice {}

  /**
   * Sources of the wanted precision with which the machine can compute, in the catalogue's order;
   * 4-bit floats come last where the GPUs widen them to compute.
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
        those.stream()
            .filter(source -> computes(machine, source.precision()))
            .sorted(Comparator.comparing(source -> widensFourBits(machine, source.precision())))
            .toList();
    return computable.isEmpty()
        ? none(
            "instance type %s has %s, which cannot compute with %s weights: choose another precision or instance type"
                .formatted(
                    machine.name(),
                    machine.gpus().map(gpus -> "GPUs of type " + gpus.model()).orElse("CPUs only"),
                    words(those)))
        : new Chosen(computable);
  }

  private static Choice none(String message) {
    return new None(new Refusal(Reason.PrecisionNotOffered, message));
  }

  /** GPUs without arithmetic for small floats have kernels that widen them, but for the oldest. */
  private static boolean computes(Machine machine, String precision) {
    return !SMALL_FLOATS.contains(precision)
        || machine.gpus().filter(gpus -> !startsWithOne(gpus, WITHOUT_SMALL_FLOATS)).isPresent();
  }

  private static boolean widensFourBits(Machine machine, String precision) {
    return precision.equals("NVFP4")
        && machine.gpus().filter(gpus -> startsWithOne(gpus, WITH_FOUR_BITS)).isEmpty();
  }

  private static boolean startsWithOne(Gpus gpus, Set<String> models) {
    return models.stream().anyMatch(gpus.model()::startsWith);
  }

  private static String words(List<Source> sources) {
    return sources.stream().map(Source::precision).distinct().collect(Collectors.joining(", "));
  }
}
