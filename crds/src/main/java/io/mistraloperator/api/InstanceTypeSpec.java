package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Map;

/** What one machine of a type has. Absent optional fields are {@code null}. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record InstanceTypeSpec(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Machine family.") String family,
    @Required
        @Min(1) @Max(1024) @JsonPropertyDescription("CPU cores of the instance; the engine's CPU limit.")
        Integer cores,
    @JsonPropertyDescription(
            "CPU that an instance asks of the scheduler. Default: all its cores. Less lets instances share a small cluster.")
        Quantity cpuRequest,
    @Required
        @JsonPropertyDescription("Memory of the instance; the engine's memory request and limit.")
        Quantity memory,
    @JsonPropertyDescription("GPUs of the instance; absent on CPU machines.") Gpu gpu,
    @Size(max = 16) @JsonPropertyDescription("Labels of the nodes that are such machines.")
        Map<String, String> nodeSelector,
    @Size(max = 16) @JsonPropertyDescription("Taints of such nodes that instances tolerate.")
        List<Toleration> tolerations,
    @Size(max = 63) @JsonPropertyDescription("Runtime class of the instances.")
        String runtimeClassName,
    @JsonPropertyDescription(
            "What an instance costs, in the platform's currency. Without it hours are counted, and no cost.")
        Price price) {

  /** Price of one instance. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @ValidationRule(
      value = "has(self.perHour) != has(self.perCoreHour)",
      message = "spec.price has exactly one of perHour and perCoreHour",
      fieldPath = ".perHour")
  public record Price(
      @Pattern(AMOUNT) @Size(min = 1, max = 20) @JsonPropertyDescription("Of an instance for an hour, for instance 3.673.")
          String perHour,
      @Pattern(AMOUNT) @Size(min = 1, max = 20) @JsonPropertyDescription("Of one of its cores for an hour.")
          String perCoreHour) {}

  private static final String AMOUNT = "^[0-9]{1,9}(\\.[0-9]+)?$";

  /** GPUs of one machine. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Gpu(
      @Required @Min(1) @Max(16) @JsonPropertyDescription("Number of GPUs.") Integer count,
      @Default("nvidia.com/gpu")
          @Size(min = 1, max = 253) @JsonPropertyDescription("Extended resource that counts them.")
          String resource,
      @Required
          @JsonPropertyDescription(
              "Memory of each GPU, as CUDA tells it to an engine: less than the name says.")
          Quantity memory,
      @Required
          @Size(min = 1, max = 63) @JsonPropertyDescription("Name of the GPU, for instance A100-80GB.")
          String model) {}
}
