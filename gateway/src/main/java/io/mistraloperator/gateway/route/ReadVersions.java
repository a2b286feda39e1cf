package io.mistraloperator.gateway.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Which version of each route is read and served, and who waits for a later one. */
final class ReadVersions {
  private final Map<String, Version> read = new HashMap<>();
  private final List<Waiter> waiters = new ArrayList<>();

  /**
   * A version of an object.
   *
   * @param uid of the object: one that is made anew begins with the first generation again
   * @param generation of its spec, from 1
   */
  record Version(String uid, long generation) {
    private boolean covers(Version asked) {
      return uid.equals(asked.uid) && generation >= asked.generation;
    }
  }

  private record Waiter(String name, Version version, CompletableFuture<Void> due) {}

  /** A route is served as this version says. */
  void served(String name, Version version) {
    List<Waiter> served = new ArrayList<>();
    synchronized (this) {
      read.put(name, version);
      for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
        Waiter waiter = all.next();
        if (waiter.name.equals(name) && version.covers(waiter.version)) {
          all.remove();
          served.add(waiter);
        }
      }
    }
    served.forEach(waiter -> waiter.due.complete(null));
  }

  /** A route is not served any more. */
  synchronized void gone(String name) {
    read.remove(name);
  }

  /**
   * Ends once at least this version of a route is served, and with a {@link
   * java.util.concurrent.TimeoutException} where it is not in time.
   */
  CompletionStage<Void> await(String name, Version version, Duration limit) {
    var due = new CompletableFuture<Void>();
    synchronized (this) {
      if (read.containsKey(name) && read.get(name).covers(version)) {
        due.complete(null);
        return due;
      }
      var waiter = new Waiter(name, version, due);
      waiters.add(waiter);
      due.whenComplete((served, late) -> forget(waiter));
    }
    return due.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void forget(Waiter waiter) {
    waiters.remove(waiter);
  }
}
