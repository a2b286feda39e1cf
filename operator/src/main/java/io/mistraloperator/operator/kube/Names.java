package io.mistraloperator.operator.kube;

/** Names of everything that is made for a deployment or an endpoint. */
public final class Names {
  private static final int LABEL_LIMIT = 63;
  private static final int HASH = 8;

  private Names() {}

  /** Engine Deployment, its headless Service, NetworkPolicy and disruption budget. */
  public static String engine(String name) {
    return limited(name, "-engine");
  }

  /** The claim that keeps the fetched weights of one deployment. */
  public static String cache(String name) {
    return limited(name, "-cache");
  }

  /** A claim's name as the value of a label. */
  public static String label(String claim) {
    return limited(claim, "");
  }

  /** The Secret with the keys; Secrets may have long names. */
  public static String keys(String name) {
    return name + "-keys";
  }

  /** The Service under which applications in the cluster find the endpoint. */
  public static String endpointService(String name) {
    return name;
  }

  /** The instances behind all serverless endpoints of a model, by its normalised id. */
  public static String pool(String model) {
    return "pool-" + limited(model, "", LABEL_LIMIT - "pool-".length());
  }

  /** What makes a serverless endpoint the only one for its model in a project. */
  public static String serverlessLock(String model) {
    return "serverless-" + model;
  }

  /**
   * A name that ends in {@code suffix} and is a valid label: a long one is cut and told apart by a
   * digest.
   */
  private static String limited(String name, String suffix) {
    return limited(name, suffix, LABEL_LIMIT);
  }

  private static String limited(String name, String suffix, int limit) {
    int room = limit - suffix.length();
    return name.length() <= room
        ? name + suffix
        : name.substring(0, room - HASH - 1) + "-" + Hashes.brief(name, HASH) + suffix;
  }
}
