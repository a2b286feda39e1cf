package io.mistraloperator.operator.diagnosis;

import java.util.Locale;

/**
 * Says what to do where the cluster, and not the quota of cores, keeps instances from running (row
 * D2.24).
 */
public final class Remedies {
  private Remedies() {}

  /** Ends a message about an instance for which there is no node. */
  static String withoutNode(String scheduler) {
    return scheduler.toLowerCase(Locale.ROOT).contains("persistentvolumeclaim")
        ? ". Look at the claim and its storage class"
        : ". Quota is not what is missing, the cluster has no room for it: add a node that takes it, or choose another instance type";
  }

  /** Ends a message about instances that the API server refuses. */
  public static String refused(String apiServer) {
    return ". Quota of cores is not what is missing: "
        + (apiServer.contains("exceeded quota")
            ? "raise the namespace's ResourceQuota, ask the platform to, or ask for fewer instances"
            : "change the LimitRange or policy that says so, or ask the platform to");
  }
}
