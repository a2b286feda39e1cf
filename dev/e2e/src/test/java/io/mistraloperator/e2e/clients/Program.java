package io.mistraloperator.e2e.clients;

import static io.mistraloperator.e2e.clients.Step.BAD_VALUE;
import static io.mistraloperator.e2e.clients.Step.CHAT;
import static io.mistraloperator.e2e.clients.Step.DROPPED_EXTRAS;
import static io.mistraloperator.e2e.clients.Step.EXTRAS;
import static io.mistraloperator.e2e.clients.Step.INFO;
import static io.mistraloperator.e2e.clients.Step.MODELS;
import static io.mistraloperator.e2e.clients.Step.SAFE_MODE;
import static io.mistraloperator.e2e.clients.Step.STREAM;
import static io.mistraloperator.e2e.clients.Step.STREAMED_TOOLS;
import static io.mistraloperator.e2e.clients.Step.TOOLS;
import static io.mistraloperator.e2e.clients.Step.UNIFIED;
import static io.mistraloperator.e2e.clients.Step.UNIFIED_UNKNOWN;
import static io.mistraloperator.e2e.clients.Step.UNKNOWN_PARAMETER;
import static io.mistraloperator.e2e.clients.Step.WRONG_KEY;
import static io.mistraloperator.e2e.clients.Step.WRONG_KEY_STREAMING;
import static io.mistraloperator.e2e.cluster.Chart.ROOT;

import io.mistraloperator.api.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A client program of {@code dev/clients}; its readme says what each is and prints. */
enum Program {
  CURL(
      "A23.1",
      "curl",
      script("curl/run.sh"),
      everythingBut(STREAMED_TOOLS, UNIFIED, UNIFIED_UNKNOWN)),
  AZURE_PYTHON("A23.2", "azure-ai-inference", python("python", "azure_inference"), everything()),
  AZURE_PYTHON_BETA_4(
      "A23.2",
      "azure-ai-inference 1.0.0b4",
      python("python-azure-b4", "azure_inference"),
      everything()),
  AZURE_JAVASCRIPT("A23.3", "@azure-rest/ai-inference", javascript("azure-rest"), everything()),
  DOTNET_READER(
      "A23.4",
      "the reader of Azure.AI.Inference",
      python("none", "dotnet_reader"),
      everythingBut(EXTRAS)),
  AZURE_JAVA_BETA_1(
      "A23.5",
      "com.azure:azure-ai-inference beta.1",
      java("beta1"),
      everythingBut(INFO, EXTRAS, SAFE_MODE)),
  AZURE_JAVA_BETA_5(
      "A23.5",
      "com.azure:azure-ai-inference beta.5",
      java("beta5"),
      everythingBut(EXTRAS, SAFE_MODE)),
  WEB_REQUESTS("A23.6", "requests", python("python", "web_requests"), everything()),
  OPENAI_PYTHON("A23.7", "openai (Python)", python("python", "openai_client"), openAi()),
  OPENAI_JAVASCRIPT("A23.7", "openai (JavaScript)", javascript("openai"), openAi()),
  LANGCHAIN_MISTRALAI(
      "A23.8", "langchain-mistralai", python("python", "langchain_chat", "mistralai"), langChain()),
  LANGCHAIN_OPENAI(
      "A23.8", "langchain-openai", python("python", "langchain_chat", "openai"), langChain()),
  LANGCHAIN_JAVASCRIPT(
      "A23.8", "@langchain/mistralai", javascript("langchain-mistral"), langChain()),
  MISTRAL_PYTHON("A23.9", "mistralai", python("python", "mistral_native"), mistral().and(MODELS)),
  MISTRAL_JAVASCRIPT("A23.9", "@mistralai/mistralai", javascript("mistral"), mistral().and(MODELS)),
  MISTRAL_AZURE_PYTHON(
      "A23.9", "mistralai for Azure", python("python", "mistral_azure"), mistral()),
  MISTRAL_AZURE_JAVASCRIPT(
      "A23.9", "@mistralai/mistralai-azure", javascript("mistral-azure"), mistral()),
  LITELLM("A23.10", "litellm", python("python", "lite_llm"), liteLlm());

  // Stands in a command line for the file of the run.
  private static final String TRUST_STORE = "{trustStore}";

  private final String row;
  private final String library;
  private final List<String> command;
  private final Steps steps;

  Program(String row, String library, List<String> command, Steps steps) {
    this.row = row;
    this.library = library;
    this.command = command;
    this.steps = steps;
  }

  /** The steps of a program, and what it says in its own way. */
  private record Steps(Set<Step> all, Map<Step, String> own) {
    static Steps of(Set<Step> all) {
      return new Steps(all, Map.of());
    }

    Steps and(Step step) {
      Set<Step> more = EnumSet.copyOf(all);
      more.add(step);
      return new Steps(more, own);
    }

    Steps and(Step step, String saying) {
      Map<Step, String> more = new EnumMap<>(Step.class);
      more.putAll(own);
      more.put(step, saying);
      return new Steps(and(step).all, more);
    }
  }

  /** Row of the contract. */
  String row() {
    return row;
  }

  /** What the program goes through. */
  Set<Step> steps() {
    return steps.all();
  }

  /** What the program prints for one of its steps. */
  String expected(Step step, Engine engine) {
    return Optional.ofNullable(steps.own().get(step)).orElseGet(() -> step.expected(engine));
  }

  /** Name of the library. */
  @Override
  public String toString() {
    return library;
  }

  /** Command line; {@code trustStore} is PKCS12 with password {@code changeit}. */
  List<String> command(Path trustStore) {
    return command.stream().map(word -> word.replace(TRUST_STORE, trustStore.toString())).toList();
  }

  private static List<String> script(String path, String... arguments) {
    return Stream.concat(
            Stream.of(ROOT.resolve("dev/clients").resolve(path).toString()), Stream.of(arguments))
        .toList();
  }

  private static List<String> python(String environment, String... program) {
    List<String> arguments = new ArrayList<>(List.of(environment));
    arguments.addAll(List.of(program));
    return script("python/run.sh", arguments.toArray(String[]::new));
  }

  private static List<String> javascript(String program) {
    return script("javascript/run.sh", program);
  }

  private static List<String> java(String version) {
    Path target = ROOT.resolve("dev/clients/azure-java").resolve(version).resolve("target");
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djavax.net.ssl.trustStore=" + TRUST_STORE,
        "-Djavax.net.ssl.trustStorePassword=changeit",
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-cp",
        target.resolve("classes") + ":" + target.resolve("lib") + "/*",
        "io.mistraloperator.clients.Chat");
  }

  /** What the Azure route offers. */
  private static Steps everything() {
    return everythingBut();
  }

  private static Steps everythingBut(Step... missing) {
    Set<Step> steps = EnumSet.complementOf(EnumSet.of(MODELS, DROPPED_EXTRAS));
    steps.removeAll(List.of(missing));
    return Steps.of(steps);
  }

  /** The OpenAI form has no info, and answers names that it does not know in its own way. */
  private static Steps openAi() {
    return everythingBut(INFO, UNIFIED, UNIFIED_UNKNOWN)
        .and(MODELS)
        .and(UNKNOWN_PARAMETER, "422 body.colour");
  }

  /** Mistral's clients know their parameters and send no others. The streamed call is required. */
  private static Steps mistral() {
    return everythingBut(INFO, EXTRAS, UNKNOWN_PARAMETER, UNIFIED, UNIFIED_UNKNOWN)
        .and(STREAMED_TOOLS, Step.roundTrip("ok"));
  }

  /** The streamed call is required. */
  private static Steps langChain() {
    return Steps.of(EnumSet.of(CHAT, STREAM, TOOLS, WRONG_KEY, WRONG_KEY_STREAMING, BAD_VALUE))
        .and(STREAMED_TOOLS, Step.roundTrip("ok"));
  }

  private static Steps liteLlm() {
    return Steps.of(
        EnumSet.of(CHAT, STREAM, DROPPED_EXTRAS, TOOLS, WRONG_KEY, WRONG_KEY_STREAMING, BAD_VALUE));
  }
}
