package io.mistraloperator.e2e.cluster;

import java.util.List;

/** Images of the product, as the chart names them by default. */
public final class Images {
  /** Tag of all images: the chart's application version. */
  public static final String TAG = "0.1.0";

  /** Weights of the tiny models, with the program cp. */
  public static final String TINY_MODELS = image("tiny-models");

  /** Fetches weights; holds a Python. */
  public static final String MODEL_FETCHER = image("model-fetcher");

  /** The engine for CPUs. */
  static final String LLAMACPP = image("llamacpp");

  /** What the chart runs where there are GPUs. */
  public static final String VLLM = image("vllm");

  /** The real vLLM for CPUs. */
  public static final String VLLM_CPU = image("vllm-cpu");

  /** What a cluster needs for all tests but those of vLLM. */
  static final List<String> PRODUCT =
      List.of(image("operator"), image("gateway"), LLAMACPP, MODEL_FETCHER, TINY_MODELS);

  private Images() {}

  static String image(String name) {
    return "mistraloperator/" + name + ":" + TAG;
  }
}
