package io.mistraloperator.e2e.cluster;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Manifests as a project writes them. */
public final class Manifests {
  /** Catalogue id of the tiny model. */
  public static final String MODEL = "Tiny-Mistral";

  /** Machine type of the tiny model. */
  public static final String INSTANCE_TYPE = "tiny-cpu";

  private Manifests() {}

  /**
   * A deployment of the tiny model on the tiny machine type.
   *
   * @param specLines more lines of {@code spec}; a line that names model or instanceType replaces
   *     that one
   */
  public static String deployment(String name, String... specLines) {
    return """
    apiVersion: mistraloperator.io/v1alpha1
    kind: MistralDeployment
    metadata:
      name: %s
    spec:
    %s"""
        .formatted(name, spec("model: " + MODEL, "instanceType: " + INSTANCE_TYPE, specLines));
  }

  /** A serverless endpoint. */
  public static String serverless(String name, String model, String... specLines) {
    return """
    apiVersion: mistraloperator.io/v1alpha1
    kind: ServerlessEndpoint
    metadata:
      name: %s
    spec:
    %s"""
        .formatted(name, spec("model: " + model, "", specLines));
  }

  /** A machine type of a family, by whose cores quota is counted. */
  public static String instanceType(String name, String family, String... specLines) {
    return """
    apiVersion: mistraloperator.io/v1alpha1
    kind: InstanceType
    metadata:
      name: %s
    spec:
    %s"""
        .formatted(name, spec("family: " + family, "", specLines));
  }

  /** A catalogue entry that runs the tiny model's files for both engines. */
  public static String model(
      String name, String id, int contextLength, long kvBytesPerToken, String serverlessType) {
    return """
    apiVersion: mistraloperator.io/v1alpha1
    kind: MistralModel
    metadata:
      name: %s
    spec:
      id: %s
      displayName: %s
      label: Open
      task: ChatCompletions
      license: {name: Apache-2.0}
      weights: Open
      contextLength: %d
      tokenizer: v3-tekken
      capabilities: {tools: true, json: true, systemRole: true}
      footprint:
        weights:
          - {precision: F16, size: 8Mi}
        kvBytesPerToken: %d
        attentionHeads: 4
      sources:
        - engine: LlamaCpp
          precision: F16
          from: {image: {reference: "%s", path: /models/tiny-scripted.gguf}}
        - engine: VLLM
          precision: F16
          from: {image: {reference: "%s", path: /models/hf/tiny}}
      deployment:
        managed: true
        %s
    """
        .formatted(
            name,
            id,
            id,
            contextLength,
            kvBytesPerToken,
            Images.TINY_MODELS,
            Images.TINY_MODELS,
            serverlessType.isEmpty() ? "" : "serverless: {instanceType: " + serverlessType + "}");
  }

  /** Weights from a path of the image with the tiny models. */
  public static String imageSource(String image, String path) {
    return "source: {image: {reference: \"" + image + "\", path: " + path + "}}";
  }

  private static String spec(String first, String second, String... more) {
    return Stream.concat(
            Stream.of(first, second)
                .filter(line -> !line.isEmpty())
                .filter(line -> Stream.of(more).noneMatch(other -> sameField(line, other))),
            Stream.of(more))
        .map(line -> "  " + line.stripTrailing().replace("\n", "\n  "))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static boolean sameField(String line, String other) {
    return other.startsWith(line.substring(0, line.indexOf(':') + 1));
  }
}
