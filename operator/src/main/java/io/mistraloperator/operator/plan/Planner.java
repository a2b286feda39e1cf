package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.MistralDeploymentSpec.EngineChoice;
import io.mistraloperator.api.MistralModelSpec.FileLayout;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.catalogue.Machine;
import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.catalogue.Model.Source;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what one instance runs: a pure function of model, machine and wishes. */
public final class Planner {
  /** Where the weights are inside the pod. */
  public static final String MODELS = "/models";

  private static final String LARGER_GPUS =
      "Choose an instance type with more GPU memory; one model on several nodes is not supported yet";

  private static final int STARTUP_BASE_SECONDS = 300;

  /** Storage of 200 MiB/s is the slowest that is planned for. */
  private static final double STARTUP_GIB_PER_SECOND = 0.2;

  private static final int STARTUP_MOST_SECONDS = 7200;

  private final EngineImages images;
  private final WeightPolicy policy;

  /** A planner that uses these images and keeps to the platform's rules for weights. */
  public Planner(EngineImages images, WeightPolicy policy) {
    this.images = images;
    this.policy = policy;
  }

  /** The plan for one instance, or why there is none. */
  public PlanResult plan(Model model, Machine machine, PlanRequest request) {
    Engine engine = engine(machine, request.engine());
    if (engine == Engine.LlamaCpp && machine.gpus().isPresent()) {
      return new Refusal(
          Reason.EngineNotSupported,
          "engine LlamaCpp runs on CPU machines, and instance type %s has GPUs: choose engine VLLM or an instance type without GPUs"
              .formatted(machine.name()));
    }
    if (request.contextLength().filter(asked -> asked > model.contextLength()).isPresent()) {
      return new Refusal(
          Reason.ContextTooLong,
          "spec.contextLength is %d, and %s has at most %d: ask for no more, or leave it out"
              .formatted(request.contextLength().orElseThrow(), model.id(), model.contextLength()));
    }
    Optional<String> argument = EngineArgs.problem(engine, request.engineArgs());
    if (argument.isPresent()) {
      return new Refusal(Reason.EngineArgsNotAllowed, argument.get());
    }
    List<Source> sources =
        request
            .source()
            .map(own -> List.of(own(model, engine, request, own)))
            .orElseGet(() -> model.sources().stream().filter(s -> s.engine() == engine).toList());
    if (sources.isEmpty()) {
      return noSource(model, engine);
    }
    return switch (Precisions.choose(model, machine, request, sources)) {
      case Precisions.Chosen(List<Source> chosen) ->
          reachable(model, machine, request, engine, chosen);
      case Precisions.None(Refusal refusal) -> refusal;
    };
  }

  private PlanResult reachable(
      Model model, Machine machine, PlanRequest request, Engine engine, List<Source> sources) {
    List<Source> reachable =
        sources.stream().filter(s -> !policy.offline() || !s.from().fetched()).toList();
    if (reachable.isEmpty()) {
      return new Refusal(
          Reason.Offline,
          "the platform is offline, and the weights of %s would have to be fetched from %s: set spec.source to a claim (pvc) or an image"
              .formatted(model.id(), WeightFiles.words(sources.getFirst().from())));
    }
    return firstThatFits(model, machine, request, engine, reachable);
  }

  private PlanResult firstThatFits(
      Model model, Machine machine, PlanRequest request, Engine engine, List<Source> sources) {
    var memory = new MemoryLayout(model, machine, request.contextLength());
    List<String> tooBig = new ArrayList<>();
    for (Source source : sources) {
      Optional<Refusal> unreadable = WeightFiles.refusal(engine, source.from(), request);
      if (unreadable.isPresent()) {
        return unreadable.get();
      }
      Long weights = model.weights().get(source.precision());
      if (weights == null) {
        return new Refusal(
            Reason.NoSource,
            "the catalogue does not tell the size of the %s weights of %s: the platform adds it to spec.footprint.weights of that MistralModel; or choose another spec.precision"
                .formatted(source.precision(), model.id()));
      }
      switch (memory.of(engine, source.precision(), weights)) {
        case Layout layout -> {
          return plan(model, machine, request, engine, source, weights, layout);
        }
        case LayoutResult.TooBig refused -> tooBig.add(refused.arithmetic());
      }
    }
    return new Refusal(
        Reason.DoesNotFit,
        "%s does not fit instance type %s: %s. %s"
            .formatted(
                model.id(),
                machine.name(),
                String.join("; ", tooBig),
                machine.gpus().isPresent()
                    ? LARGER_GPUS
                    : "Choose an instance type with more memory"));
  }

  private EnginePlan plan(
      Model model,
      Machine machine,
      PlanRequest request,
      Engine engine,
      Source source,
      long weights,
      Layout layout) {
    String files =
        ServerArguments.layout(model, source).equals(Optional.of(FileLayout.HuggingFace))
            ? "hf"
            : "mistral";
    Optional<String> claim = WeightFiles.claim(source.from(), request, policy);
    Optional<String> folder =
        claim
            .filter(name -> source.from().fetched())
            .map(name -> WeightFiles.folder(source.from(), files));
    String path = WeightFiles.path(engine, source.from(), folder);
    boolean llamaCpp = engine == Engine.LlamaCpp;
    return new EnginePlan(
        engine,
        image(engine, machine),
        model.id(),
        model.substitute(),
        source.from(),
        source.precision(),
        layout.contextLength(),
        layout.concurrency(),
        layout.tensorParallel(),
        claim,
        folder,
        files,
        llamaCpp ? Optional.empty() : Optional.of(ServerArguments.tokenizerMode(model, source)),
        path,
        Stream.concat(
                (llamaCpp
                        ? ServerArguments.llamaCpp(model, machine, layout, path)
                        : ServerArguments.vllm(model, machine, layout, source, path))
                    .stream(),
                EngineArgs.split(request.engineArgs()).stream())
            .toList(),
        llamaCpp ? Map.of() : ServerArguments.vllmEnvironment(machine, layout),
        layout.arithmetic(),
        startupSeconds(weights));
  }

  private static Engine engine(Machine machine, EngineChoice choice) {
    return switch (choice) {
      case LlamaCpp -> Engine.LlamaCpp;
      case VLLM -> Engine.VLLM;
      case Auto -> machine.gpus().isPresent() ? Engine.VLLM : Engine.LlamaCpp;
    };
  }

  private String image(Engine engine, Machine machine) {
    return switch (engine) {
      case LlamaCpp -> images.llamaCpp();
      case VLLM -> machine.gpus().isPresent() ? images.vllm() : images.vllmCpu();
    };
  }

  /**
   * Own files are like those that the catalogue has for the engine. What is in Mistral's layout
   * there is often in the other one elsewhere, so vLLM looks.
   */
  private static Source own(Model model, Engine engine, PlanRequest request, ModelSource from) {
    return new Source(
        engine,
        ownPrecision(model, engine, request),
        from,
        model.sources().stream()
            .filter(source -> source.engine() == engine)
            .findFirst()
            .flatMap(Source::layout)
            .filter(FileLayout.HuggingFace::equals));
  }

  /** The number format that the catalogue has for the engine, else the largest. */
  private static String ownPrecision(Model model, Engine engine, PlanRequest request) {
    return request
        .precision()
        .or(
            () ->
                model.sources().stream()
                    .filter(source -> source.engine() == engine)
                    .map(Source::precision)
                    .findFirst())
        .orElseGet(
            () ->
                model.weights().entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(""));
  }

  private static Refusal noSource(Model model, Engine engine) {
    String others =
        model.sources().stream()
            .map(source -> source.engine().name())
            .distinct()
            .collect(Collectors.joining(", "));
    return new Refusal(
        Reason.NoSource,
        others.isEmpty()
            ? "the catalogue has no weights of %s: set spec.source to where yours are"
                .formatted(model.id())
            : "the catalogue has weights of %s for %s, not for %s: set spec.source to where yours are, or choose an instance type and engine for %s"
                .formatted(model.id(), others, engine, others));
  }

  private static int startupSeconds(long weights) {
    double gib = (double) weights / Bytes.GIB;
    return (int)
        Math.min(
            STARTUP_MOST_SECONDS, Math.round(STARTUP_BASE_SECONDS + gib / STARTUP_GIB_PER_SECOND));
  }
}
