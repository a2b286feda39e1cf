package io.mistraloperator.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mistraloperator.api.MistralModelSpec.Task;
import io.mistraloperator.gateway.chat.ErrorCode;
import io.mistraloperator.gateway.chat.ModelFacts;
import io.mistraloperator.gateway.dialect.Dialect;
import io.mistraloperator.gateway.dialect.schema.AnswerSchema;
import io.mistraloperator.gateway.dialect.schema.RequestSchema;
import io.mistraloperator.gateway.dialect.schema.Schema;
import io.mistraloperator.gateway.json.Json;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The description of one endpoint (row A20): OpenAPI 3.1, made from the table of its paths, the
 * profiles of its dialects and the table of errors, so that it says what is served.
 */
final class OpenApi {
  /** The Azure API whose routes these are. */
  private static final String VERSION = "2024-05-01-preview";

  private static final String JSON = "application/json";

  private final Route route;
  private final Deployment deployment;
  private final ModelFacts model;
  private final ObjectNode schemas = Json.object();

  private OpenApi(Route route, Deployment deployment) {
    this.route = route;
    this.deployment = deployment;
    this.model = deployment.model();
  }

  /**
   * The document.
   *
   * @param base path of the endpoint on its host, without a slash at the end; may be empty
   */
  static ObjectNode of(Route route, Deployment deployment, String base) {
    return new OpenApi(route, deployment).document(base);
  }

  private ObjectNode document(String base) {
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", model.name() + " at " + route.endpoint())
        .put("version", VERSION)
        .put(
            "description",
            switch (model.task()) {
              case ChatCompletions -> "A model that chats.";
              case TextGeneration -> "A model that continues texts.";
            });
    document.putArray("servers").addObject().put("url", base.isEmpty() ? "/" : base);
    document.putArray("security").add(scheme("bearer")).add(scheme("apiKey"));
    ObjectNode paths = document.putObject("paths");
    for (Operation.Served<Operation> served : Operation.servedFor(model.task())) {
      paths
          .withObjectProperty(served.path())
          .set(served.method().toLowerCase(Locale.ROOT), operation(served));
    }
    schemas.set("Error", error());
    ObjectNode components = document.putObject("components");
    components.set("schemas", schemas);
    errorAnswer(components.putObject("responses"));
    schemes(components.putObject("securitySchemes"));
    return document;
  }

  private static ObjectNode scheme(String name) {
    ObjectNode scheme = Json.object();
    scheme.putArray(name);
    return scheme;
  }

  private static void schemes(ObjectNode schemes) {
    schemes.putObject("bearer").put("type", "http").put("scheme", "bearer");
    schemes.putObject("apiKey").put("type", "apiKey").put("in", "header").put("name", "api-key");
  }

  private ObjectNode operation(Operation.Served<Operation> served) {
    ObjectNode operation = Json.object();
    operation.put("operationId", operationId(served));
    operation.set("parameters", parameters());
    ObjectNode responses = operation.putObject("responses");
    ObjectNode content =
        responses.putObject("200").put("description", "The answer.").putObject("content");
    responses.putObject("default").put("$ref", "#/components/responses/Error");
    switch (served.operation()) {
      case Operation.Health() -> {
        operation.put("summary", "Whether an instance is ready");
        answer(content, Schema.of("string").put("const", Documents.HEALTHY.textValue()));
      }
      case Operation.Info() -> {
        operation.put("summary", "What the model is");
        answer(content, constants(Documents.info(model)));
      }
      case Operation.Models() -> {
        operation.put("summary", "The one model, as a list");
        answer(content, models());
      }
      case Operation.Description() -> {
        operation.put("summary", "This document");
        answer(content, Schema.of("object"));
      }
      case Operation.Answer(Dialect dialect) -> {
        operation.put("summary", summary());
        inference(operation, content, dialect);
      }
    }
    return operation;
  }

  private ArrayNode parameters() {
    ObjectNode version = Schema.of("string").put("pattern", "^" + ApiVersion.FORM + "$");
    ObjectNode deployments =
        Schema.oneOf(route.deployments().stream().map(Deployment::name).toList());
    return Json.array()
        .add(parameter("query", "api-version", version))
        .add(parameter("header", Selection.HEADER, deployments));
  }

  private String summary() {
    return model.task() == Task.ChatCompletions ? "Goes on with a chat" : "Continues a text";
  }

  private static String operationId(Operation.Served<Operation> served) {
    StringBuilder id = new StringBuilder(served.method().toLowerCase(Locale.ROOT));
    for (String part : served.path().split("[^A-Za-z0-9]+")) {
      if (!part.isEmpty()) {
        id.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return id.toString();
  }

  private static ObjectNode parameter(String in, String name, ObjectNode schema) {
    ObjectNode parameter = Json.object().put("in", in).put("name", name);
    parameter.set("schema", schema);
    return parameter;
  }

  private static void answer(ObjectNode content, ObjectNode schema) {
    content.putObject(JSON).set("schema", schema);
  }

  /** Routes of one dialect share their schemas. */
  private void inference(ObjectNode operation, ObjectNode content, Dialect dialect) {
    String name = dialect.getClass().getSimpleName();
    ObjectNode extras = Schema.oneOf(List.of("error", "drop", "pass-through"));
    operation
        .withArray("parameters")
        .add(parameter("header", "extra-parameters", extras.put("default", "error")));
    schemas.set(name + "Request", RequestSchema.of(dialect, model));
    schemas.set(name + "Answer", AnswerSchema.whole(dialect, model));
    ObjectNode body = operation.putObject("requestBody").put("required", true);
    answer(body.putObject("content"), Schema.ref(name + "Request"));
    answer(content, Schema.ref(name + "Answer"));
    AnswerSchema.event(dialect, model)
        .ifPresent(
            event -> {
              schemas.set(name + "Event", event);
              content.putObject("text/event-stream").set("schema", events(name));
            });
  }

  private static ObjectNode events(String name) {
    return Schema.of(
        "string",
        "With stream: each event is 'data: ' and a " + name + "Event, the last is 'data: [DONE]'.");
  }

  private static ObjectNode constants(ObjectNode example) {
    ObjectNode properties = Json.object();
    example
        .properties()
        .forEach(
            each -> properties.set(each.getKey(), Json.object().set("const", each.getValue())));
    return Schema.whole(properties);
  }

  private ObjectNode models() {
    ObjectNode entry =
        (ObjectNode) Documents.models(deployment, route.created()).path("data").path(0);
    ObjectNode properties = Json.object();
    properties.set("object", Schema.of("string").put("const", "list"));
    properties.set("data", Schema.list(constants(entry)));
    return Schema.whole(properties);
  }

  private static void errorAnswer(ObjectNode responses) {
    ObjectNode answer =
        responses.putObject("Error").put("description", "An error out of the closed table.");
    answer.putObject("headers").putObject("x-ms-error-code").set("schema", Schema.of("string"));
    answer(answer.putObject("content"), Schema.ref("Error"));
  }

  private static ObjectNode error() {
    ObjectNode code = Schema.oneOf(Arrays.stream(ErrorCode.values()).map(ErrorCode::word).toList());
    ObjectNode inner = Json.object();
    inner.set("code", code);
    inner.set("message", Schema.of("string"));
    inner.set("status", Schema.of("integer"));
    inner.set("param", Schema.orNull(Schema.of("string")));
    inner.set("type", Schema.of("string"));
    ObjectNode problem = Json.object();
    problem.set("loc", Schema.list(Schema.of("string")));
    problem.set("msg", Schema.of("string"));
    problem.set("type", Schema.of("string"));
    problem.set("input", Json.object().put("description", "What was given."));
    ObjectNode outer = Json.object();
    outer.set("error", Schema.whole(inner));
    outer.set("status", Schema.of("integer"));
    outer.set("code", code.deepCopy());
    outer.set("message", Schema.of("string"));
    outer.set("detail", Schema.anyOf(Schema.of("string"), Schema.list(Schema.whole(problem))));
    return Schema.whole(outer);
  }
}
