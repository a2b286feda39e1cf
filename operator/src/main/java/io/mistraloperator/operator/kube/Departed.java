package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/**
 * Uids of the last few thousand owners that went: a pass that was under way then takes nothing for
 * them and remembers nothing of them.
 */
@Singleton
public class Departed {
  static final int MOST = 4096;

  private final SequencedSet<String> uids = new LinkedHashSet<>();

  /** An owner is gone. */
  public synchronized void add(String uid) {
    if (uids.add(uid) && uids.size() > MOST) {
      uids.removeFirst();
    }
  }

  /** Whether an owner has gone lately. */
  public synchronized boolean contains(String uid) {
    return uids.contains(uid);
  }

  /** Likewise. */
  public boolean contains(HasMetadata owner) {
    return contains(owner.getMetadata().getUid());
  }
}
