package io.mistraloperator.operator.diagnosis;

/**
 * The first concrete cause why an instance does not serve.
 *
 * @param reason one word for programs
 * @param message the cause in the words of whoever found it
 * @param needsPerson whether waiting will not help
 */
public record Problem(Reason reason, String message, boolean needsPerson) {
  /** The same, once waiting has not helped. */
  public Problem needingPerson() {
    return new Problem(reason, message, true);
  }

  /** Kinds of causes. */
  public enum Reason {
    /** The image cannot be pulled. */
    ImagePullBackOff,
    /** The engine ends by itself. */
    CrashLoopBackOff,
    /** The engine was killed for lack of memory. */
    OOMKilled,
    /** The machine has GPUs, and the engine would compute without them, or with fewer. */
    GpusNotUsed,
    /** No node takes the pod. */
    Unschedulable,
    /** The weights could not be brought, for a reason that has no word of its own. */
    ModelFetchFailed,
    /** The source refuses access: the token or credentials are missing, wrong or not enough. */
    FetchAccessDenied,
    /** The source has no such repository, revision, file, bucket or object. */
    FetchNotFound,
    /** The volume is too small for the weights. */
    FetchNoSpace,
    /** The weights are not those that were asked for. */
    FetchWrongChecksum,
    /** The source stalls, breaks off or does not answer, again and again. */
    FetchGaveUp,
    /** The container cannot be made, for instance for lack of a Secret or a volume. */
    ContainerNotCreated,
    /** The API server refuses the pods, for instance for a quota. */
    PodsRefused,
    /** The start takes longer than planned. */
    StartTooSlow
  }
}
