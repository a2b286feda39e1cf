package io.mistraloperator.operator.plan;

import io.mistraloperator.api.Engine;
import io.mistraloperator.api.ModelSource;
import io.mistraloperator.operator.plan.Refusal.Reason;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Which files of a source an engine reads, and where they lie in the volume. */
final class WeightFiles {
  private static final int READABLE = 40;
  private static final int DIGEST = 12;

  private WeightFiles() {}

  /** Why an engine cannot read a source; empty when it can. */
  static Optional<Refusal> refusal(Engine engine, ModelSource source, PlanRequest request) {
    if (engine == Engine.VLLM && source.url() != null) {
      return Optional.of(
          new Refusal(
              Reason.SourceNotSupported,
              "a source with url is one GGUF file, and engine VLLM reads a folder: use huggingFace, s3, pvc or image, or engine LlamaCpp"));
    }
    Optional<String> kind = repository(source);
    if (kind.isPresent() && engine == Engine.LlamaCpp && file(source).isEmpty()) {
      return Optional.of(
          new Refusal(
              Reason.SourceNotSupported,
              "engine LlamaCpp reads one GGUF file: name it in source.%s.file"
                  .formatted(kind.get())));
    }
    if (kind.isPresent() && engine == Engine.VLLM && file(source).isPresent()) {
      return Optional.of(
          new Refusal(
              Reason.SourceNotSupported,
              "engine VLLM reads a folder: leave source.%s.file out, or use engine LlamaCpp"
                  .formatted(kind.get())));
    }
    if (request.cache().isPresent() && !source.fetched()) {
      return Optional.of(
          new Refusal(
              Reason.CacheNotUsed,
              "spec.cache keeps weights that are fetched (url, huggingFace, s3), and these come from %s: take spec.cache away"
                  .formatted(source.pvc() != null ? "a claim" : "an image")));
    }
    return Optional.empty();
  }

  /** Absolute path in the pod: one file for llama.cpp, one folder for vLLM. */
  static String path(Engine engine, ModelSource source, Optional<String> folder) {
    String root = Planner.MODELS + folder.map(name -> "/" + name).orElse("");
    if (source.pvc() != null) {
      return Planner.MODELS + "/" + source.pvc().path();
    }
    if (source.url() != null) {
      return root + "/model.gguf";
    }
    if (source.image() != null) {
      String inside = source.image().path();
      return engine == Engine.VLLM ? root : root + inside.substring(inside.lastIndexOf('/'));
    }
    return root + file(source).map(name -> "/" + name).orElse("");
  }

  /**
   * Folder of a source in a volume that deployments may share: the same for the same files, so that
   * they are fetched once, and told apart from all others.
   *
   * @param layout which of two layouts is fetched, where the source has both
   */
  static String folder(ModelSource source, String layout) {
    String identity;
    String readable;
    if (source.url() != null) {
      var url = source.url();
      identity =
          "url " + Objects.requireNonNullElseGet(url.sha256(), () -> url.url().split("\\?", 2)[0]);
      readable = url.url().split("[?#]", 2)[0].replaceAll(".*/", "");
    } else if (source.huggingFace() != null) {
      var hub = source.huggingFace();
      identity =
          String.join(
              " ",
              "hf",
              hub.endpoint(),
              hub.repository(),
              hub.revision(),
              text(hub.file()),
              layout);
      readable = hub.repository();
    } else {
      var store = source.s3();
      identity =
          String.join(
              " ",
              "s3",
              text(store.endpoint()),
              store.region(),
              store.bucket(),
              text(store.prefix()),
              text(store.file()),
              text(store.sha256()),
              layout);
      readable = store.bucket() + "-" + text(store.prefix());
    }
    String clean =
        readable
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.]+", "-")
            .replaceAll("^[-.]+|[-.]+$", "");
    return clean.substring(0, Math.min(READABLE, clean.length())) + "-" + digest(identity);
  }

  /** The source in words, without what may be secret. */
  static String words(ModelSource source) {
    if (source.pvc() != null) {
      return "claim %s, %s".formatted(source.pvc().claimName(), source.pvc().path());
    }
    if (source.image() != null) {
      return "image " + source.image().reference();
    }
    if (source.url() != null) {
      return source.url().url().split("[?#]", 2)[0].replaceFirst("//[^/@]*@", "//");
    }
    if (source.huggingFace() != null) {
      var hub = source.huggingFace();
      return "huggingFace %s@%s".formatted(hub.repository(), hub.revision());
    }
    var store = source.s3();
    return "s3://%s/%s".formatted(store.bucket(), store.prefix() == null ? "" : store.prefix());
  }

  private static Optional<String> repository(ModelSource source) {
    return source.huggingFace() != null
        ? Optional.of("huggingFace")
        : source.s3() != null ? Optional.of("s3") : Optional.empty();
  }

  private static Optional<String> file(ModelSource source) {
    return Optional.ofNullable(
        source.huggingFace() != null
            ? source.huggingFace().file()
            : source.s3() != null ? source.s3().file() : null);
  }

  private static String text(String word) {
    return word == null ? "" : word;
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
          .substring(0, DIGEST);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The claim that keeps the weights of a source; empty for an instance's own volume. */
  static Optional<String> claim(ModelSource source, PlanRequest request, WeightPolicy policy) {
    if (source.pvc() != null) {
      return Optional.of(source.pvc().claimName());
    }
    if (!source.fetched()) {
      return Optional.empty();
    }
    return request
        .cache()
        .map(cache -> Objects.requireNonNullElse(cache.claimName(), request.ownClaim()))
        .or(policy::cacheClaim);
  }
}
