package io.mistraloperator.operator.plan;

/**
 * Images of the engines.
 *
 * @param llamaCpp llama.cpp for CPU machines
 * @param vllm vLLM for GPU machines
 * @param vllmCpu vLLM for CPU machines
 */
public record EngineImages(String llamaCpp, String vllm, String vllmCpu) {}
