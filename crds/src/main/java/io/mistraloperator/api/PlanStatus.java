package io.mistraloperator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The engine plan of a deployment, for people. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanStatus(
    @JsonPropertyDescription("Engine: LlamaCpp or VLLM.") Engine engine,
    @JsonPropertyDescription("Image of the engine.") String image,
    @JsonPropertyDescription("Catalogue id of the model; its alias in spec.model resolved.")
        String model,
    @JsonPropertyDescription(
            "Name of the weights that really run, where the catalogue serves a substitute.")
        String substitute,
    @JsonPropertyDescription("Number format of the weights, for instance BF16 or Q4_K_M.")
        String precision,
    @JsonPropertyDescription("Where the weights come from, and where they are kept.")
        String weights,
    @JsonPropertyDescription("Tokens that one request may have, prompt and answer together.")
        Integer contextLength,
    @JsonPropertyDescription("Requests that one instance works on at the same time.")
        Integer concurrency,
    @JsonPropertyDescription("GPUs that share the model.") Integer tensorParallel,
    @JsonPropertyDescription(
            "The memory arithmetic: weights, KV cache, overhead and what the machine has.")
        String memory,
    @JsonPropertyDescription(
            "Seconds that the model may take to start before the instance is restarted.")
        Integer startupSeconds,
    @JsonPropertyDescription("Machine family whose quota the instances count against.")
        String family,
    @JsonPropertyDescription("Cores of one instance, which quota counts.") Integer cores,
    @JsonPropertyDescription("GPUs of one instance; absent on machines without any.") Integer gpus,
    @JsonPropertyDescription(
            "What vLLM makes prompts with: the template of the repository (HuggingFace), Mistral's own tokenizer (Mistral), or whichever the files are for (Auto). Absent with llama.cpp, which has a template.")
        TokenizerMode tokenizerMode) {}
