package io.mistraloperator.operator.catalogue;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.mistraloperator.api.InstanceType;
import io.mistraloperator.api.InstanceTypeSpec.Price;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One machine of an instance type with everything in place.
 *
 * @param name name of the type
 * @param family family whose quota it counts against
 * @param cores CPU cores, the engine's limit
 * @param cpuRequest CPU that the scheduler sets aside
 * @param memory memory as written in the catalogue
 * @param gpus its GPUs, if any
 * @param nodeSelector labels of such nodes
 * @param tolerations taints of such nodes
 * @param runtimeClass runtime class of pods on it
 * @param pricePerHour what it costs, in the platform's currency; 0 where there is no price
 */
public record Machine(
    String name,
    String family,
    int cores,
    Quantity cpuRequest,
    Quantity memory,
    Optional<Gpus> gpus,
    Map<String, String> nodeSelector,
    List<Toleration> tolerations,
    Optional<String> runtimeClass,
    BigDecimal pricePerHour) {

  /** Reads the wire form; empty when this version cannot make sense of it. */
  public static Optional<Machine> of(InstanceType type) {
    var spec = type.getSpec();
    if (spec == null || spec.family() == null || spec.cores() == null || spec.memory() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Machine(
            type.getMetadata().getName(),
            spec.family(),
            spec.cores(),
            Optional.ofNullable(spec.cpuRequest())
                .orElseGet(() -> new Quantity(spec.cores().toString())),
            spec.memory(),
            Optional.ofNullable(spec.gpu())
                .map(
                    gpu ->
                        new Gpus(
                            gpu.count(),
                            Objects.requireNonNullElse(gpu.resource(), "nvidia.com/gpu"),
                            gpu.memory().getNumericalAmount().longValue(),
                            gpu.model())),
            new TreeMap<>(Optional.ofNullable(spec.nodeSelector()).orElse(Map.of())),
            Optional.ofNullable(spec.tolerations()).orElse(List.of()),
            Optional.ofNullable(spec.runtimeClassName()),
            Optional.ofNullable(spec.price())
                .map(price -> perHour(price, spec.cores()))
                .orElse(BigDecimal.ZERO)));
  }

  private static BigDecimal perHour(Price price, int cores) {
    return price.perHour() != null
        ? new BigDecimal(price.perHour())
        : new BigDecimal(Objects.requireNonNullElse(price.perCoreHour(), "0"))
            .multiply(BigDecimal.valueOf(cores));
  }

  /** Memory in bytes. */
  public long memoryBytes() {
    return memory.getNumericalAmount().longValue();
  }

  /**
   * GPUs of one machine.
   *
   * @param count how many
   * @param resource extended resource that counts them
   * @param memoryBytes memory of each
   * @param model name, for instance A100-80GB
   */
  public record Gpus(int count, String resource, long memoryBytes, String model) {}
}
