package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes changes that hold for one version of an object: those of this process one after the other,
 * so that they do not keep each other from coming through, and each again when another process was
 * faster.
 *
 * @param <K> what names the object
 */
public final class Turns<K> {
  private static final int ATTEMPTS = 10;

  private final Map<K, ReentrantLock> turns = new ConcurrentHashMap<>();

  /**
   * Makes a change.
   *
   * @param attempt reads what is known of the object and writes what is to be
   * @param overtaken forgets what is known of it
   * @throws KubernetesClientException when it cannot be written, or too many were faster
   */
  public <T> T take(K object, Supplier<T> attempt, Runnable overtaken) {
    var turn = turns.computeIfAbsent(object, which -> new ReentrantLock());
    turn.lock();
    try {
      for (int count = 1; ; count++) {
        try {
          return attempt.get();
        } catch (KubernetesClientException e) {
          overtaken.run();
          boolean again = ApiErrors.conflict(e) || ApiErrors.notFound(e);
          if (!again || count == ATTEMPTS) {
            throw e;
          }
        }
      }
    } finally {
      turn.unlock();
    }
  }
}
