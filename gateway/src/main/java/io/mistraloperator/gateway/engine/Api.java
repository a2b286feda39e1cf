package io.mistraloperator.gateway.engine;

/** An interface that both servers have. */
enum Api {
  /** Conversations. */
  CHAT(
      "/v1/chat/completions",
      "messages",
      "conversation",
      "the order of roles, the tools and the extra parameters"),
  /** Texts to be continued. */
  TEXT("/v1/completions", "prompt", "prompt", "the prompt and the extra parameters");

  private final String path;
  private final String input;
  private final String noun;
  private final String suspects;

  Api(String path, String input, String noun, String suspects) {
    this.path = path;
    this.input = input;
    this.noun = noun;
    this.suspects = suspects;
  }

  /** Path on the server. */
  String path() {
    return path;
  }

  /** The parameter that holds what the model is to read. */
  String input() {
    return input;
  }

  /** What the model is to read, in a word. */
  String noun() {
    return noun;
  }

  /** What to check when a server refuses a request. */
  String suspects() {
    return suspects;
  }
}
