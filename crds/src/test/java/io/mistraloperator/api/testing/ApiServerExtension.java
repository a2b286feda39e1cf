package io.mistraloperator.api.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests an {@link ApiServer} or a {@link KubernetesClient} for it as a parameter: one server
 * for all tests of a JVM. Where the binaries are missing the tests are skipped, saying so.
 */
public final class ApiServerExtension implements ParameterResolver, ExecutionCondition {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(ApiServerExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return ServerBinaries.find()
        .map(found -> ConditionEvaluationResult.enabled("Kubernetes " + found.version()))
        .orElseGet(
            () ->
                ConditionEvaluationResult.disabled(
                    "no kube-apiserver below "
                        + ServerBinaries.directoryToSearch()
                        + ": 'make test' puts one there, KUBE_API_TEST_DIR names another place"));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return type == ApiServer.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var server =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(
                ApiServer.class, ignored -> ApiServer.withDefinitions(), ApiServer.class);
    return parameter.getParameter().getType() == ApiServer.class ? server : server.client();
  }
}
