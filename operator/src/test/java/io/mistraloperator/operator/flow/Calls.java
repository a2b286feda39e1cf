package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * Notes every call of an operator to the API server. What all tests noted together is written to
 * {@code target/api-calls.txt}, by which the chart's rights are checked.
 */
final class Calls implements Interceptor {
  private static final Path FILE = Path.of("target", "api-calls.txt");
  private static final Set<String> ALL = new ConcurrentSkipListSet<>();
  private static final Pattern PATH =
      Pattern.compile(
          "^/(?:api/v1|apis/(?<group>[^/]+)/[^/]+)(?:/namespaces/(?<namespace>[^/]+))?"
              + "/(?<resource>[^/]+)(?:/(?<name>[^/]+))?(?:/(?<sub>[^/]+))?$");

  /** By it the framework asks for its rights to the lease; Kubernetes grants it to everybody. */
  private static final String SELF_REVIEW = "authorization.k8s.io/selfsubjectrulesreviews";

  /** What the framework wants to be told it may, though it patches. */
  private static final String DEMANDED = "update coordination.k8s.io/leases platform";

  private final String platform;
  private final List<Call> made = new CopyOnWriteArrayList<>();

  Calls(String platform) {
    this.platform = platform;
  }

  /**
   * One call.
   *
   * @param verb verb of Kubernetes' rights
   * @param resource {@code group/resource[/subresource]}
   * @param namespace empty for all
   * @param name empty for collections
   */
  record Call(String verb, String resource, String namespace, String name) {
    boolean isWrite() {
      return !Set.of("get", "list", "watch").contains(verb);
    }

    boolean isElection() {
      return resource.equals("coordination.k8s.io/leases");
    }
  }

  /** Calls made so far, but not those of the election. */
  List<Call> made() {
    return made.stream().filter(call -> !call.isElection()).toList();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    for (Call call : parse(request)) {
      made.add(call);
      ALL.add(
          call.resource().equals(SELF_REVIEW)
              ? DEMANDED
              : call.verb() + " " + call.resource() + " " + scope(call));
    }
  }

  /** Writes what all operators of this JVM have called. */
  static void save() {
    try {
      Files.createDirectories(FILE.getParent());
      Files.write(FILE, ALL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String scope(Call call) {
    return call.namespace().isEmpty()
        ? "cluster"
        : call.namespace().equals(platform) ? "platform" : "project";
  }

  /** An apply may create, so it needs both rights. */
  static List<Call> parse(HttpRequest request) {
    var path = PATH.matcher(request.uri().getPath());
    if (!path.matches()) {
      return List.of();
    }
    String resource =
        orEmpty(path.group("group"))
            + "/"
            + path.group("resource")
            + (path.group("sub") == null ? "" : "/" + path.group("sub"));
    String namespace = orEmpty(path.group("namespace"));
    String name = orEmpty(path.group("name"));
    List<Call> calls = new ArrayList<>();
    for (String verb : verbs(request, name, path.group("sub") != null)) {
      calls.add(new Call(verb, resource, namespace, name));
    }
    return calls;
  }

  private static List<String> verbs(HttpRequest request, String name, boolean subresource) {
    boolean apply = orEmpty(request.uri().getQuery()).contains("fieldManager=");
    return switch (request.method()) {
      case "GET" ->
          orEmpty(request.uri().getQuery()).contains("watch=true")
              ? List.of("watch")
              : List.of(name.isEmpty() ? "list" : "get");
      case "POST" -> List.of("create");
      case "PUT" -> List.of("update");
      case "PATCH" -> apply && !subresource ? List.of("patch", "create") : List.of("patch");
      case "DELETE" -> List.of(name.isEmpty() ? "deletecollection" : "delete");
      default -> List.of(request.method());
    };
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }
}
