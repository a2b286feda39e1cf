package io.mistraloperator.operator.quota;

import io.mistraloperator.api.InferenceQuota;
import io.mistraloperator.api.InferenceQuotaSpec.Family;
import io.mistraloperator.operator.config.OperatorConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many cores an account has.
 *
 * @param listed by family, as the project's object says
 * @param defaults by family, as the chart says
 * @param cpu default of the other families without GPUs
 * @param gpu default of all other families
 * @param cpuFamilies families without GPUs
 */
record Limits(
    Map<String, Integer> listed,
    Map<String, Integer> defaults,
    int cpu,
    int gpu,
    Set<String> cpuFamilies) {
  static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * The limits of an account. The platform's own namespace has those that its object lists and no
   * others; of what is not listed, nothing is shared.
   */
  static Limits of(InferenceQuota quota, OperatorConfig config, Set<String> cpuFamilies) {
    var listed =
        Optional.ofNullable(quota.getSpec())
            .flatMap(spec -> Optional.ofNullable(spec.families()))
            .orElse(List.of())
            .stream()
            .collect(Collectors.toMap(Family::name, Family::cores, (a, b) -> b, TreeMap::new));
    if (Account.of(quota).isShared()) {
      return new Limits(listed, Map.of(), 0, 0, cpuFamilies);
    }
    if (quota.getMetadata().getNamespace().equals(config.namespace())) {
      return new Limits(listed, Map.of(), UNLIMITED, UNLIMITED, cpuFamilies);
    }
    var defaults = config.quota();
    return new Limits(
        listed,
        defaults.families().map(OperatorConfig.CoresByFamily::byFamily).orElse(Map.of()),
        defaults.cpu(),
        defaults.gpu(),
        cpuFamilies);
  }

  /** Cores of a family; a family that the catalogue does not know counts as one with GPUs. */
  int of(String family) {
    Integer own = listed.get(family);
    if (own != null) {
      return own;
    }
    return defaults.getOrDefault(family, cpuFamilies.contains(family) ? cpu : gpu);
  }
}
