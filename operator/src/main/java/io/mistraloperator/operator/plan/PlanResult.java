package io.mistraloperator.operator.plan;

/** A plan, or why there is none. */
public sealed interface PlanResult permits EnginePlan, Refusal {}
