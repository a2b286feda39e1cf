package io.mistraloperator.operator.kube;

import java.net.URI;

/** Where a pod answers. */
public final class PodAddress {
  private PodAddress() {}

  /**
   * A page of a pod.
   *
   * @param ip of the pod, of either version
   * @param path starting with a slash
   */
  public static URI page(String ip, int port, String path) {
    String host = ip.contains(":") ? "[" + ip + "]" : ip;
    return URI.create("http://" + host + ":" + port + path);
  }
}
