package io.mistraloperator.api;

/** Names that all kinds share. */
public final class Api {
  /** API group of every kind. */
  public static final String GROUP = "mistraloperator.io";

  /** The only served version. */
  public static final String VERSION = "v1alpha1";

  /** Category: {@code kubectl get mistral} lists what a project wrote. */
  public static final String CATEGORY = "mistral";

  /**
   * Letters, digits and single dashes, starting with a letter (rows A6.1, D2.1); the length is
   * limited apart.
   */
  public static final String ENDPOINT_NAME = "[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*";

  /** What {@link #ENDPOINT_NAME} and its length mean, for messages. */
  public static final String ENDPOINT_NAME_WORDS =
      "3 to 32 characters: letters, digits and single dashes, starting with a letter, not ending with a dash";

  private Api() {}
}
