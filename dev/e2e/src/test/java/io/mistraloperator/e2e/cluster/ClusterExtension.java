package io.mistraloperator.e2e.cluster;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link Cluster} of the run, started by the first class that needs it. */
final class ClusterExtension
    implements ExecutionCondition, ParameterResolver, AfterTestExecutionCallback {
  private static final ExtensionContext.Namespace SHARED =
      ExtensionContext.Namespace.create(ClusterExtension.class);

  /** Asked for the class, before an instance that takes the cluster is made. */
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (context.getTestMethod().isPresent()) {
      return ConditionEvaluationResult.enabled("the class is enabled");
    }
    return Cluster.missing()
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("Docker and the images are there"));
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Cluster.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return shared(context).cluster();
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      String name =
          context.getRequiredTestClass().getSimpleName()
              + "."
              + context.getRequiredTestMethod().getName();
      new Dump(shared(context).cluster()).writeTo(Dump.FOLDER.resolve(name));
    }
  }

  private static Shared shared(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(SHARED)
        .computeIfAbsent(Shared.class, absent -> new Shared(), Shared.class);
  }

  /** The cluster, or why it could not be had: a failed start is not tried again by each class. */
  private static final class Shared implements AutoCloseable {
    private Cluster cluster;
    private RuntimeException failure;

    synchronized Cluster cluster() {
      if (failure != null) {
        throw new IllegalStateException("the cluster could not be started", failure);
      }
      if (cluster == null) {
        try {
          cluster = Cluster.start();
        } catch (RuntimeException failed) {
          failure = failed;
          throw failed;
        }
      }
      return cluster;
    }

    @Override
    public synchronized void close() {
      if (cluster != null) {
        cluster.close();
      }
    }
  }
}
