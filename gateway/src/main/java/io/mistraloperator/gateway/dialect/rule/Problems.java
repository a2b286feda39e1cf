package io.mistraloperator.gateway.dialect.rule;

import com.fasterxml.jackson.databind.JsonNode;
import io.mistraloperator.gateway.chat.Problem;
import io.mistraloperator.gateway.chat.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything found wrong with one request so far. */
public final class Problems {
  /** Problems that one answer lists; what is wrong with more places is told by their number. */
  public static final int MOST = 100;

  private final List<Problem> found = new ArrayList<>();
  private int more;

  /**
   * Notes a problem.
   *
   * @param loc path without the leading {@code body}
   */
  public void add(List<String> loc, String type, String message, JsonNode input) {
    if (found.size() == MOST) {
      more++;
      return;
    }
    List<String> path = new ArrayList<>(loc.size() + 1);
    path.add("body");
    path.addAll(loc);
    found.add(new Problem(path, type, message, Optional.of(input)));
  }

  /** Notes that the model lacks what a value asks for. */
  public void unsupported(List<String> loc, String message, JsonNode input) {
    add(loc, Problem.NOT_SUPPORTED, message, input);
  }

  /** How much is wrong so far. */
  public int count() {
    return found.size() + more;
  }

  /**
   * Goes on only when nothing is wrong.
   *
   * @throws Refusal with all problems
   */
  public void refuseIfAny() {
    if (!found.isEmpty()) {
      throw Refusal.of(found, more);
    }
  }

  /** What was found, in order; at most {@link #MOST}. */
  public List<Problem> found() {
    return List.copyOf(found);
  }
}
