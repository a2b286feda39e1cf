package io.mistraloperator.operator.catalogue;

import io.fabric8.kubernetes.api.model.Quantity;
import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralModel;
import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Capabilities;
import io.mistraloperator.api.MistralModelSpec.FileLayout;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.api.MistralModelSpec.Tokenizer;
import io.mistraloperator.api.ModelSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A catalogue entry with everything in place.
 *
 * @param id name in answers
 * @param aliases other names
 * @param provider who made it
 * @param task what it does
 * @param contextLength tokens of prompt and answer together
 * @param tokenizer tokenizer generation
 * @param capabilities what requests may ask; no component is {@code null}
 * @param weights bytes of the weights by number format, in the catalogue's order
 * @param attention what its attention means for memory
 * @param sources where the weights come from, best first
 * @param substitute name of the model whose weights run in place of ones that are not public
 * @param managed whether a project may run it on its own instances
 * @param sharedQuota whether it may run on the platform's shared quota (row D2.25)
 * @param serverless what the platform runs for it, if it does
 */
public record Model(
    String id,
    List<String> aliases,
    String provider,
    Task task,
    int contextLength,
    Tokenizer tokenizer,
    Capabilities capabilities,
    Map<String, Long> weights,
    Attention attention,
    List<Source> sources,
    Optional<String> substitute,
    boolean managed,
    boolean sharedQuota,
    Optional<ServerlessOffer> serverless) {

  /** Reads the wire form; empty when this version cannot make sense of it. */
  public static Optional<Model> of(MistralModel entry) {
    MistralModelSpec spec = entry.getSpec();
    if (spec == null
        || spec.id() == null
        || spec.task() == null
        || spec.tokenizer() == null
        || spec.contextLength() == null
        || spec.footprint() == null
        || spec.deployment() == null) {
      return Optional.empty();
    }
    Optional<Attention> attention = Attention.of(spec.footprint());
    if (attention.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Long> weights = new LinkedHashMap<>();
    orEmpty(spec.footprint().weights())
        .forEach(size -> weights.put(size.precision(), bytes(size.size())));
    return Optional.of(
        new Model(
            spec.id(),
            orEmpty(spec.aliases()),
            Objects.requireNonNullElse(spec.provider(), "MistralAI"),
            spec.task(),
            spec.contextLength(),
            spec.tokenizer(),
            capabilities(spec.capabilities()),
            weights,
            attention.get(),
            orEmpty(spec.sources()).stream()
                .filter(source -> source.engine() != null && source.from() != null)
                .map(
                    source ->
                        new Source(
                            source.engine(),
                            source.precision(),
                            source.from(),
                            Optional.ofNullable(source.layout())))
                .toList(),
            Optional.ofNullable(spec.substitute()),
            Boolean.TRUE.equals(spec.deployment().managed()),
            Boolean.TRUE.equals(spec.deployment().sharedQuota()),
            Optional.ofNullable(spec.deployment().serverless())
                .map(
                    offer ->
                        new ServerlessOffer(
                            offer.instanceType(),
                            Objects.requireNonNullElse(offer.instances(), 1)))));
  }

  private static Capabilities capabilities(Capabilities given) {
    return given == null
        ? new Capabilities(false, false, false, false, false)
        : new Capabilities(
            Boolean.TRUE.equals(given.tools()),
            Boolean.TRUE.equals(given.json()),
            Boolean.TRUE.equals(given.vision()),
            Boolean.TRUE.equals(given.systemRole()),
            Boolean.TRUE.equals(given.reasoning()));
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static long bytes(Quantity quantity) {
    return quantity.getNumericalAmount().longValue();
  }

  /**
   * Weights for one engine.
   *
   * @param engine the engine that reads them
   * @param precision their number format
   * @param from where they are
   * @param layout how vLLM reads them, where the catalogue says so
   */
  public record Source(
      Engine engine, String precision, ModelSource from, Optional<FileLayout> layout) {
    /** Weights of which the catalogue does not say how they are laid out. */
    public Source(Engine engine, String precision, ModelSource from) {
      this(engine, precision, from, Optional.empty());
    }
  }

  /** What the platform runs for all serverless endpoints of a model. */
  public record ServerlessOffer(String instanceType, int instances) {}
}
