package io.mistraloperator.operator.kube;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** Pages that pods serve beside their work, reached without a Service. */
public final class PodPages {
  private PodPages() {}

  /**
   * Address of a page.
   *
   * @param ip of the pod, of either version
   * @param path starting with a slash
   */
  public static URI page(String ip, int port, String path) {
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    return URI.create("http://" + host + ":" + port + path);
  }

  /**
   * A client for such pages. It goes nowhere else, whatever a pod says.
   *
   * @param limit longest time to connect
   */
  public static HttpClient client(Duration limit) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(limit)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }
}
