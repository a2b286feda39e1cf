package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/**
 * The ledger of a project: what is reserved and who waits. An absent list of reservations means
 * that the ledger has not been opened yet.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InferenceQuotaStatus(
    @JsonPropertyDescription("metadata.generation that this status is about.")
        Long observedGeneration,
    @JsonPropertyDescription(
            "WithinLimits: False when a limit was lowered below what is used; what runs goes on then.")
        List<Condition> conditions,
    @Size(max = 4096) @JsonPropertyDescription("Used and allowed cores of every family, for people.")
        String summary,
    @Size(max = 1100) @JsonPropertyDescription("Used and allowed cores by family.")
        List<Usage> families,
    @Size(max = InferenceQuotaStatus.MOST) @JsonPropertyDescription(
            "What is reserved; no instance is made before its cores stand here.")
        List<Reservation> reservations,
    @Size(max = InferenceQuotaStatus.MOST) @JsonPropertyDescription(
            "What did not fit, longest waiting first. When cores become free, the first that fits gets them.")
        List<Reservation> waiting,
    @JsonPropertyDescription("How many wait.") Integer waitingCount) {
  /** The most reservations, and the most that can wait. */
  public static final int MOST = 1000;

  /** Cores of one family. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Usage(
      @Size(max = 63) @JsonPropertyDescription("Machine family.") String name,
      @JsonPropertyDescription("Cores that are reserved.") Integer used,
      @JsonPropertyDescription("Cores that may be reserved.") Integer limit) {}

  /** Cores of one object in one family. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Reservation(
      @Size(max = 63) @JsonPropertyDescription("Kind of the object.") String kind,
      @Size(max = 253) @JsonPropertyDescription("Name of the object.") String name,
      @Size(max = 63) @JsonPropertyDescription("Namespace of the object, where that is not the quota's own.")
          String project,
      @Size(max = 64) @JsonPropertyDescription("Uid of the object.") String uid,
      @Size(max = 63) @JsonPropertyDescription("Machine family.") String family,
      @JsonPropertyDescription("Instances.") Integer instances,
      @JsonPropertyDescription("ceil(1.2 x instances) x cores of one instance.") Integer cores) {}
}
