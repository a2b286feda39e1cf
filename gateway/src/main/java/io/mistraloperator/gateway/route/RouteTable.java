package io.mistraloperator.gateway.route;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Given;
import io.mistraloperator.gateway.chat.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds what a request is for. Read by many threads, written by one. */
public final class RouteTable {
  private static final String ENDPOINTS = "/endpoints/";
  private static final String PROJECTS = "/projects/";

  private final String services;
  private volatile Lookup lookup = new Lookup(Map.of(), Map.of(), Map.of());

  private record Lookup(
      Map<String, Route> byId, Map<String, Route> byHost, Map<String, Project> byProject) {}

  /** Part of a path that names an endpoint or project, and what follows it. */
  private record Named(String name, String rest) {}

  /** What a request is for (row B0). */
  public sealed interface Match {
    /**
     * One endpoint.
     *
     * @param path without the part that names the endpoint, starting with a slash
     */
    record Endpoint(Route route, String path) implements Match {}

    /**
     * The unified endpoint of a project, whether there is such a project or not.
     *
     * @param path without the part that names the project, starting with a slash
     */
    record Unified(Project project, String path) implements Match {}
  }

  /**
   * Makes an empty table.
   *
   * @param domain of host names: {@code <project>.services.<domain>} is a unified endpoint
   */
  public RouteTable(String domain) {
    this.services = ".services." + domain.toLowerCase(Locale.ROOT);
  }

  /** Replaces what is known. A host that two routes claim belongs to the older one. */
  public void replace(Collection<Route> routes) {
    List<Route> oldestFirst =
        routes.stream()
            .sorted(Comparator.comparing(Route::created).thenComparing(Route::id))
            .toList();
    Map<String, Route> byId = new HashMap<>();
    Map<String, Route> byHost = new HashMap<>();
    Map<String, Map<String, Route>> byProject = new HashMap<>();
    for (Route route : oldestFirst) {
      byId.put(route.id(), route);
      route.hosts().forEach(host -> byHost.putIfAbsent(host, route));
      byProject.computeIfAbsent(route.project(), name -> new HashMap<>()).put(route.id(), route);
    }
    Map<String, Project> projects = new HashMap<>();
    byProject.forEach((name, endpoints) -> projects.put(name, new Project(name, endpoints)));
    lookup = new Lookup(Map.copyOf(byId), Map.copyOf(byHost), Map.copyOf(projects));
  }

  /** Every route, in no order. */
  public Collection<Route> routes() {
    return lookup.byId().values();
  }

  /**
   * What a request is for: by path {@code /endpoints/<name>/...} or {@code /projects/<name>/...} on
   * any host, else by host.
   *
   * @param host without port, in any case
   * @throws Refusal when there is no such endpoint
   */
  public Match find(String host, String path) {
    Lookup now = lookup;
    String clean = clean(path);
    if (clean.startsWith(ENDPOINTS)) {
      Named named = named(clean, ENDPOINTS);
      return Optional.ofNullable(now.byId().get(named.name()))
          .map(route -> new Match.Endpoint(route, named.rest()))
          .orElseThrow(() -> unknown(noSuchName(named.name())));
    }
    if (clean.startsWith(PROJECTS)) {
      Named named = named(clean, PROJECTS);
      return unified(now, named.name(), named.rest());
    }
    return byHost(now, host.toLowerCase(Locale.ROOT), clean);
  }

  private Match byHost(Lookup now, String host, String path) {
    Route route = now.byHost().get(host);
    if (route != null) {
      return new Match.Endpoint(route, path);
    }
    if (host.endsWith(services)) {
      return unified(now, host.substring(0, host.length() - services.length()), path);
    }
    throw unknown(
        "There is no endpoint for this host ("
            + Given.words(host)
            + "); use the endpoint's own URL, or the path /endpoints/<name>/ on this one.");
  }

  private static Match unified(Lookup now, String project, String path) {
    return new Match.Unified(
        now.byProject().getOrDefault(project, new Project(project, Map.of())), path);
  }

  private static Named named(String path, String prefix) {
    int end = path.indexOf('/', prefix.length());
    String name = end < 0 ? path.substring(prefix.length()) : path.substring(prefix.length(), end);
    return new Named(name.toLowerCase(Locale.ROOT), end < 0 ? "/" : path.substring(end));
  }

  private static String noSuchName(String name) {
    return "There is no endpoint of this name ("
        + Given.words(name)
        + "); after /endpoints/ stands the endpointName of a deployment or serverless endpoint.";
  }

  private static Refusal unknown(String message) {
    return Refusal.of(ErrorCode.ENDPOINT_NOT_FOUND, message);
  }

  /** Base URLs that end with a slash give double slashes. */
  private static String clean(String path) {
    String single = path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
    boolean trailing = single.length() > 1 && single.endsWith("/");
    return trailing ? single.substring(0, single.length() - 1) : single;
  }
}
