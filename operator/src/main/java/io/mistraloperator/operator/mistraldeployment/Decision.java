package io.mistraloperator.operator.mistraldeployment;

import io.mistraloperator.operator.catalogue.Model;
import io.mistraloperator.operator.plan.Refusal;
import java.util.Optional;

/** What is to run, before anything is written. */
sealed interface Decision {
  /**
   * Pods run by this plan, new or kept.
   *
   * @param running the plan and its pod template
   * @param model the model, for the endpoint
   */
  record Run(RunningPlan running, Model model) implements Decision {}

  /**
   * Nothing new is made; what runs is left as it is.
   *
   * @param refusal why
   * @param running what runs from an earlier spec, if anything
   */
  record Refused(Refusal refusal, Optional<RunningPlan> running) implements Decision {}
}
