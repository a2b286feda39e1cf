package io.mistraloperator.operator.mistraldeployment;

import java.util.List;
import java.util.Optional;

/** Knows the access modes of claims. */
@FunctionalInterface
interface AccessModes {
  /** Access modes in Kubernetes' words; empty when there is no such claim. */
  Optional<List<String>> of(String namespace, String claim);
}
