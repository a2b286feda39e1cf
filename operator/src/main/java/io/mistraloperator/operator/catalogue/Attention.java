package io.mistraloperator.operator.catalogue;

import io.mistraloperator.api.MistralModelSpec;
import io.mistraloperator.api.MistralModelSpec.Footprint;
import java.util.Optional;

/**
 * What the attention of a model means for memory.
 *
 * @param heads heads that GPUs share among them
 * @param kvBytesPerToken bytes of KV cache for one token, all GPUs of a share together
 * @param cache how GPUs share it
 */
public record Attention(int heads, long kvBytesPerToken, Cache cache) {
  /** Bytes of a number of the cache: 16 bits. */
  private static final long NUMBER = 2;

  /** How GPUs share the KV cache of a model. */
  public sealed interface Cache {}

  /**
   * By heads.
   *
   * @param kvHeads heads for keys and values
   */
  public record ByHeads(int kvHeads) implements Cache {}

  /** Latent attention (MLA): each GPU has all of it. */
  public record WholeOnEach() implements Cache {}

  /** Evenly, for all that the catalogue says. */
  public record Evenly() implements Cache {}

  /** Reads the wire form; empty when this version cannot make sense of it. */
  static Optional<Attention> of(Footprint footprint) {
    if (footprint.attentionHeads() == null) {
      return Optional.empty();
    }
    int heads = footprint.attentionHeads();
    return Optional.ofNullable(footprint.attention())
        .flatMap(shape -> of(heads, shape))
        .or(
            () ->
                Optional.ofNullable(footprint.kvBytesPerToken())
                    .map(bytes -> new Attention(heads, bytes, new Evenly())));
  }

  private static Optional<Attention> of(int heads, MistralModelSpec.Attention shape) {
    if (shape.layers() == null) {
      return Optional.empty();
    }
    if (shape.latentSize() != null) {
      return Optional.of(
          new Attention(heads, NUMBER * shape.layers() * shape.latentSize(), new WholeOnEach()));
    }
    if (shape.kvHeads() == null || shape.headSize() == null) {
      return Optional.empty();
    }
    // Keys and values.
    long bytes = 2 * NUMBER * shape.layers() * shape.kvHeads() * shape.headSize();
    return Optional.of(new Attention(heads, bytes, new ByHeads(shape.kvHeads())));
  }

  /** As many of these GPUs as can share the heads evenly, at least 1. */
  public int share(int gpus) {
    int shared = gpus;
    while (!divides(shared)) {
      shared--;
    }
    return shared;
  }

  private boolean divides(int gpus) {
    return heads % gpus == 0
        && switch (cache) {
          case ByHeads(int kvHeads) -> kvHeads % gpus == 0 || gpus % kvHeads == 0;
          case WholeOnEach(), Evenly() -> true;
        };
  }

  /** How many times GPUs that share the model keep the same of its cache. */
  public int copies(int gpus) {
    return switch (cache) {
      case ByHeads(int kvHeads) -> Math.max(1, gpus / kvHeads);
      case WholeOnEach() -> gpus;
      case Evenly() -> 1;
    };
  }
}
