package io.mistraloperator.operator.plan;

/**
 * Why a model cannot run as asked; only a change of the request or of the catalogue helps.
 *
 * @param reason one word for programs
 * @param message the arithmetic or the valid values, for people
 */
public record Refusal(Reason reason, String message) implements PlanResult {
  /** Kinds of refusal. */
  public enum Reason {
    /** The catalogue has no such model. */
    UnknownModel,
    /** The catalogue has no such machine type. */
    UnknownInstanceType,
    /** The model may not be deployed this way (row A1.10). */
    ModeNotOffered,
    /** The model may not use the shared quota (row D2.25). */
    SharedQuotaNotOffered,
    /** The engine does not run on this kind of machine. */
    EngineNotSupported,
    /** There are no files for this engine. */
    NoSource,
    /** The source holds nothing that this engine reads. */
    SourceNotSupported,
    /** The platform fetches nothing over the network, and these weights would have to be. */
    Offline,
    /** A cache for weights that are not fetched. */
    CacheNotUsed,
    /** The claim of the weights can be mounted by one pod only. */
    ClaimNotShareable,
    /** The model does not fit into the machine's memory. */
    DoesNotFit,
    /** More context than the model has. */
    ContextTooLong,
    /** There are no weights of this precision, or the machine cannot compute with them. */
    PrecisionNotOffered,
    /** An argument of the engine that is not for projects to set, or a wrong value. */
    EngineArgsNotAllowed
  }
}
