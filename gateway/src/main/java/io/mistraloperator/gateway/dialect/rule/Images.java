package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.chat.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Images in messages, in every form in which clients send them (rows A17, C4): {@code image_url} as
 * object or text, and {@code image} in its place. Only {@code data:} URLs: anything else would make
 * a server in the cluster fetch what a client names.
 */
final class Images {
  /** Images that one request may hold: engines are started for as many. */
  static final int MOST = 4;

  private static final Pattern URL_HEAD =
      Pattern.compile("data:image/(png|jpe?g|gif|webp);base64,.", Pattern.CASE_INSENSITIVE);
  private static final Set<String> DETAILS = Set.of("auto", "low", "high");

  private Images() {}

  /**
   * Reads a part; empty, and noted, when it is no image that can be used.
   *
   * @param loc path to the part
   */
  static Optional<Part.Image> read(JsonNode part, List<String> loc, Problems problems) {
    String key = part.hasNonNull("image_url") || !part.has("image") ? "image_url" : "image";
    JsonNode image = part.path(key);
    JsonNode url = image.isTextual() ? image : image.path("url");
    if (!url.isTextual() || !URL_HEAD.matcher(url.textValue()).lookingAt()) {
      problems.add(
          with(loc, key),
          "value_error",
          "must have the url data:image/<png, jpeg, gif or webp>;base64,<bytes>; other URLs are not"
              + " fetched",
          url);
      return Optional.empty();
    }
    JsonNode detail = image.path("detail");
    boolean given = !detail.isMissingNode() && !detail.isNull();
    if (given && !DETAILS.contains(detail.asText())) {
      problems.add(
          with(with(loc, key), "detail"), "literal_error", "must be auto, low or high", detail);
      return Optional.empty();
    }
    return Optional.of(
        new Part.Image(url.textValue(), given ? Optional.of(detail.asText()) : Optional.empty()));
  }

  private static List<String> with(List<String> loc, String last) {
    List<String> path = new ArrayList<>(loc);
    path.add(last);
    return path;
  }
}
