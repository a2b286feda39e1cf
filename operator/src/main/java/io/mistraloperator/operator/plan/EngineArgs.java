package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code spec.engineArgs}. */
final class EngineArgs {
  private EngineArgs() {}

  /** Why these arguments cannot be given to the engine; empty when they can. */
  static Optional<String> problem(Engine engine, List<String> given) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < given.size(); i++) {
      String flag = flag(given.get(i));
      Optional<String> problem =
          seen.add(flag) ? problem(engine, flag, value(given.get(i))) : Optional.of("stands twice");
      if (problem.isPresent()) {
        return Optional.of("spec.engineArgs[%d] %s: %s".formatted(i, flag, problem.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> problem(Engine engine, String flag, Optional<String> value) {
    Optional<TuningFlag> known =
        TuningFlag.of(engine).stream().filter(each -> each.flag().equals(flag)).findFirst();
    if (known.isEmpty()) {
      return Optional.of(
          OwnedFlag.of(flag)
              .map(owned -> "may not be set, take it out: " + owned.reason())
              .orElseGet(
                  () ->
                      "not an argument that may be set for "
                          + engine
                          + "; those are "
                          + TuningFlag.of(engine).stream()
                              .map(TuningFlag::flag)
                              .collect(Collectors.joining(", "))));
    }
    if (known.get().isSwitch()) {
      return value.map(given -> "takes no value, write %s alone".formatted(flag));
    }
    return value.filter(known.get()::takes).isPresent()
        ? Optional.empty()
        : Optional.of("write %s=VALUE with %s".formatted(flag, known.get().allowed()));
  }

  /** The arguments as servers take them: a value is an argument of its own. */
  static List<String> split(List<String> given) {
    List<String> args = new ArrayList<>();
    for (String each : given) {
      args.add(flag(each));
      value(each).ifPresent(args::add);
    }
    return args;
  }

  private static String flag(String arg) {
    int equals = arg.indexOf('=');
    return equals < 0 ? arg : arg.substring(0, equals);
  }

  private static Optional<String> value(String arg) {
    int equals = arg.indexOf('=');
    return equals < 0 ? Optional.empty() : Optional.of(arg.substring(equals + 1));
  }
}
