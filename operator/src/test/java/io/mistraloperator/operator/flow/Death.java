package io.mistraloperator.operator.flow;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a number of writes through, and then nothing at all: as if the process had been killed. */
final class Death implements Interceptor {
  private final AtomicInteger left;

  /** Dies before the write of this number, counted from 0. */
  Death(int writes) {
    this.left = new AtomicInteger(writes);
  }

  /** Lives until it is told otherwise. */
  static Death later() {
    return new Death(Integer.MAX_VALUE);
  }

  /** Dies before the write of this number, counted from 0 and from now. */
  void comesAfter(int writes) {
    left.set(writes);
  }

  boolean hasCome() {
    return left.get() < 0;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    boolean write =
        Calls.parse(request).stream().anyMatch(call -> call.isWrite() && !call.isElection());
    if (hasCome() || write && left.getAndDecrement() <= 0) {
      throw new KubernetesClientException("dead");
    }
  }
}
