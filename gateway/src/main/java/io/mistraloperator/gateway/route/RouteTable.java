package io.mistraloperator.gateway.route;

import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the endpoint that a request is for. Read by many threads, written by one. */
public final class RouteTable {
  private static final String ENDPOINTS = "/endpoints/";

  private volatile Lookup lookup = new Lookup(Map.of(), Map.of());

  private record Lookup(Map<String, Route> byId, Map<String, Route> byHost) {}

  /**
   * A request's endpoint and what it asks of it.
   *
   * @param path without the part that names the endpoint, starting with a slash
   */
  public record Match(Route route, String path) {}

  /** Replaces what is known. A host that two routes claim belongs to the older one. */
  public void replace(Collection<Route> routes) {
    List<Route> oldestFirst =
        routes.stream()
            .sorted(Comparator.comparing(Route::created).thenComparing(Route::id))
            .toList();
    Map<String, Route> byId = new HashMap<>();
    Map<String, Route> byHost = new HashMap<>();
    for (Route route : oldestFirst) {
      byId.put(route.id(), route);
      route.hosts().forEach(host -> byHost.putIfAbsent(host, route));
    }
    lookup = new Lookup(Map.copyOf(byId), Map.copyOf(byHost));
  }

  /** Every route, in no order. */
  public Collection<Route> routes() {
    return lookup.byId().values();
  }

  /**
   * The endpoint of a request: by path {@code /endpoints/<name>/...} on any host, else by host.
   *
   * @param host without port, in any case
   * @throws Refusal when there is none
   */
  public Match find(String host, String path) {
    Lookup now = lookup;
    String clean = clean(path);
    if (clean.startsWith(ENDPOINTS)) {
      int end = clean.indexOf('/', ENDPOINTS.length());
      String name =
          end < 0 ? clean.substring(ENDPOINTS.length()) : clean.substring(ENDPOINTS.length(), end);
      return Optional.ofNullable(now.byId().get(name.toLowerCase(Locale.ROOT)))
          .map(route -> new Match(route, end < 0 ? "/" : clean.substring(end)))
          .orElseThrow(() -> unknown("There is no endpoint of this name."));
    }
    return Optional.ofNullable(now.byHost().get(host.toLowerCase(Locale.ROOT)))
        .map(route -> new Match(route, clean))
        .orElseThrow(
            () ->
                unknown(
                    "There is no endpoint for this host; use the endpoint's own URL, or the path"
                        + " /endpoints/<name>/ on this one."));
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
