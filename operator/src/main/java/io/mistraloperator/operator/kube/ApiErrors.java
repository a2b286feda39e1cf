package io.mistraloperator.operator.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Optional;

/** Tells answers of the API server apart. */
public final class ApiErrors {
  private static final int UNPROCESSABLE = 422;

  private ApiErrors() {}

  /** The object is not there. */
  public static boolean notFound(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
  }

  /** The object exists already, or is not at the version that was named. */
  public static boolean conflict(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_CONFLICT;
  }

  /** The namespace is being deleted and takes no new objects. */
  public static boolean namespaceTerminating(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
        && e.getStatus() != null
        && e.getStatus().getDetails() != null
        && e.getStatus().getDetails().getCauses().stream()
            .map(StatusCause::getReason)
            .anyMatch("NamespaceTerminating"::equals);
  }

  /**
   * What the API server says against an object that it does not let in: a quota, an admission
   * policy or webhook, or a field. Empty for every other failure, which may pass by itself.
   */
  public static Optional<String> refusal(KubernetesClientException e) {
    boolean refused =
        e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            || e.getCode() == HttpURLConnection.HTTP_BAD_REQUEST
            || e.getCode() == UNPROCESSABLE;
    return Optional.of(e)
        .filter(found -> refused && !namespaceTerminating(found))
        .map(KubernetesClientException::getStatus)
        .map(Status::getMessage);
  }
}
