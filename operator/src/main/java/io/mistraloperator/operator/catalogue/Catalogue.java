package io.mistraloperator.operator.catalogue;

import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.MistralModel;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the platform offers at one moment. */
public final class Catalogue {
  private static final int SUGGESTIONS = 3;

  private final List<Model> models;
  private final TreeMap<String, Machine> machines;

  private Catalogue(List<Model> models, TreeMap<String, Machine> machines) {
    this.models = models;
    this.machines = machines;
  }

  /** The catalogue that these objects make. */
  public static Catalogue of(
      Collection<MistralModel> models, Collection<InstanceType> instanceTypes) {
    return new Catalogue(
        models.stream()
            .map(Model::of)
            .flatMap(Optional::stream)
            .sorted(Comparator.comparing(Model::id))
            .toList(),
        instanceTypes.stream()
            .map(Machine::of)
            .flatMap(Optional::stream)
            .collect(
                Collectors.toMap(Machine::name, Function.identity(), (a, b) -> a, TreeMap::new)));
  }

  /** The model of this id or alias; an id goes before an alias of another model. */
  public Optional<Model> model(String name) {
    String wanted = ModelNames.normalise(name);
    return models.stream()
        .filter(model -> ModelNames.normalise(model.id()).equals(wanted))
        .findFirst()
        .or(
            () ->
                models.stream()
                    .filter(
                        model ->
                            model.aliases().stream()
                                .map(ModelNames::normalise)
                                .anyMatch(wanted::equals))
                    .findFirst());
  }

  /**
   * The machine type of this name. A cloud's own spelling is understood: {@code
   * Standard_NC24ads_A100_v4} is the type {@code standard-nc24ads-a100-v4}, since names of objects
   * have neither capitals nor underscores.
   */
  public Optional<Machine> machine(String name) {
    return Optional.ofNullable(machines.get(objectName(name)));
  }

  /** Families of machines of which none has GPUs. */
  public Set<String> cpuFamilies() {
    return machines.values().stream()
        .collect(Collectors.groupingBy(Machine::family))
        .entrySet()
        .stream()
        .filter(family -> family.getValue().stream().allMatch(type -> type.gpus().isEmpty()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Why there is no such model, with the nearest ids. */
  public String noSuchModel(String name) {
    String wanted = ModelNames.normalise(name);
    return absent(
        "model",
        name,
        "mistralmodels",
        models.stream()
            .sorted(
                Comparator.comparingInt((Model model) -> distance(wanted, model))
                    .thenComparing(Model::id))
            .map(Model::id));
  }

  /** Why there is no such machine type, with the nearest names. */
  public String noSuchMachine(String name) {
    String wanted = objectName(name);
    return absent(
        "instance type",
        name,
        "instancetypes",
        machines.keySet().stream()
            .sorted(
                Comparator.comparingInt((String type) -> ModelNames.distance(wanted, type))
                    .thenComparing(Comparator.naturalOrder())));
  }

  private static String absent(
      String what, String name, String resource, Stream<String> nearestFirst) {
    String nearest = nearestFirst.limit(SUGGESTIONS).collect(Collectors.joining(", "));
    return "there is no "
        + what
        + " \""
        + name
        + (nearest.isEmpty()
            ? "\": the catalogue has none"
            : "\" in the catalogue; the nearest are "
                + nearest
                + " (see 'kubectl get "
                + resource
                + "')");
  }

  private static String objectName(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static int distance(String wanted, Model model) {
    return Stream.concat(Stream.of(model.id()), model.aliases().stream())
        .map(ModelNames::normalise)
        .mapToInt(candidate -> ModelNames.distance(wanted, candidate))
        .min()
        .orElse(Integer.MAX_VALUE);
  }
}
