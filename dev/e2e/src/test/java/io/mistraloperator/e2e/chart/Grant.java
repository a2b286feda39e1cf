package io.mistraloperator.e2e.chart;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/**
 * One verb on one resource, granted or called.
 *
 * @param verb for instance {@code list}
 * @param resource {@code group/resource} or {@code group/resource/subresource}; the core group is
 *     empty
 * @param scope {@code cluster} or {@code platform} for rights; a call has {@code project} as well
 */
record Grant(String verb, String resource, String scope) implements Comparable<Grant> {
  /** Rights of a ServiceAccount of the chart. */
  static Set<Grant> of(RenderedChart chart, String account) {
    Set<Grant> grants = new TreeSet<>();
    collect(chart.object("ClusterRole", account), "cluster", grants);
    collect(chart.object("Role", account), "platform", grants);
    return grants;
  }

  /** Reads {@code verb group/resource scope}. */
  static Grant parse(String line) {
    var words = line.strip().split("\\s+");
    if (words.length != 3) {
      throw new IllegalArgumentException("not 'verb group/resource scope': " + line);
    }
    return new Grant(words[0], words[1], words[2]);
  }

  /** {@code verb group/resource scope}. */
  String toLine() {
    return verb + " " + resource + " " + scope;
  }

  /** Whether this right allows a call. */
  boolean allows(Grant call) {
    return verb.equals(call.verb)
        && resource.equals(call.resource)
        && (scope.equals("cluster") || scope.equals(call.scope));
  }

  private static void collect(JsonNode role, String scope, Set<Grant> grants) {
    for (JsonNode rule : role.get("rules")) {
      for (JsonNode group : rule.get("apiGroups")) {
        for (JsonNode resource : rule.get("resources")) {
          for (JsonNode verb : rule.get("verbs")) {
            grants.add(new Grant(verb.asText(), group.asText() + "/" + resource.asText(), scope));
          }
        }
      }
    }
  }

  @Override
  public int compareTo(Grant other) {
    return toLine().compareTo(other.toLine());
  }
}
