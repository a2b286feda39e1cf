package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** What cel-rules.yaml says of every CEL rule and every rule of names, on the real API server. */
@ExtendWith(ApiServerExtension.class)
class CelRulesTest {
  private static final List<JsonNode> CASES =
      listed(Tree.read(Path.of("src/test/resources/cel-rules.yaml")), "cases");

  /** A creation, and the start of the refusal's message or nothing. */
  private record Creation(ObjectNode object, String title, String refusal) {}

  /** A change of a stored object's spec, likewise. */
  private record Change(ObjectNode before, ObjectNode after, String title, String refusal) {}

  private final Requests requests;

  CelRulesTest(ApiServer server) {
    requests = new Requests(server);
  }

  @TestFactory
  @DisplayName(
      "T-A1, A6.1, D2.1 objects are accepted, or refused with a message that names the field")
  Stream<DynamicTest> creations() {
    return creationsOf(CASES)
        .map(
            creation ->
                DynamicTest.dynamicTest(
                    creation.title(),
                    () -> check(requests.tryCreate(creation.object()), creation.refusal())));
  }

  @TestFactory
  @DisplayName("T-A1 changes are accepted, or refused with a message that names the field")
  Stream<DynamicTest> changes() {
    var counter = new int[1];
    return changesOf(CASES)
        .map(
            change -> {
              var name = "change-" + counter[0]++;
              for (var object : List.of(change.before(), change.after())) {
                object.withObject("/metadata").put("name", name);
              }
              return DynamicTest.dynamicTest(
                  change.title(),
                  () -> {
                    requests.create(change.before());
                    check(requests.tryReplaceSpec(change.after()), change.refusal());
                  });
            });
  }

  @Test
  @DisplayName("T-A1 every CEL rule has a case that it refuses and one that it accepts")
  void everyRuleHasCases() {
    for (var definition : Definitions.all()) {
      var kind = definition.getSpec().getNames().getKind();
      var cases = CASES.stream().filter(of -> of.at("/base/kind").asText().equals(kind)).toList();
      var refusals =
          Stream.concat(
                  creationsOf(cases).map(Creation::refusal), changesOf(cases).map(Change::refusal))
              .filter(refusal -> !refusal.isEmpty())
              .collect(Collectors.toCollection(TreeSet::new));
      boolean accepted = creationsOf(cases).anyMatch(creation -> creation.refusal().isEmpty());
      for (String message : messages(Definitions.schema(definition))) {
        assertThat(refusals)
            .as("a refusal by the rule of %s: %s", kind, message)
            .anyMatch(message::startsWith);
        assertThat(accepted).as("an accepted %s", kind).isTrue();
      }
    }
  }

  private static Stream<Creation> creationsOf(List<JsonNode> cases) {
    return cases.stream()
        .flatMap(
            of ->
                Stream.concat(
                    listed(of, "accepted").stream().map(fields -> creation(of, fields, "")),
                    refused(of, "refused", CelRulesTest::creation)));
  }

  private static Creation creation(JsonNode of, JsonNode fields, String refusal) {
    return new Creation(merged(of, fields), title(of, fields.toString(), refusal), refusal);
  }

  private static Stream<Change> changesOf(List<JsonNode> cases) {
    return cases.stream()
        .flatMap(
            of ->
                Stream.concat(
                    listed(of, "acceptedChanges").stream().map(change -> change(of, change, "")),
                    refused(of, "refusedChanges", CelRulesTest::change)));
  }

  private static Change change(JsonNode of, JsonNode change, String refusal) {
    var before = change.get("before");
    var after = change.get("after");
    return new Change(
        merged(of, before),
        merged(of, after),
        title(of, before + " -> " + after, refusal),
        refusal);
  }

  private interface Maker<T> {
    T make(JsonNode of, JsonNode fields, String refusal);
  }

  private static <T> Stream<T> refused(JsonNode of, String field, Maker<T> maker) {
    return listed(of, field).stream()
        .flatMap(
            group ->
                listed(group, "objects").stream()
                    .map(object -> maker.make(of, object, group.get("message").asText())));
  }

  private static List<JsonNode> listed(JsonNode node, String field) {
    return node.path(field).valueStream().toList();
  }

  private static void check(Optional<String> answer, String refusal) {
    if (refusal.isEmpty()) {
      assertThat(answer).isEmpty();
    } else {
      assertThat(answer).hasValueSatisfying(message -> assertThat(message).contains(refusal));
    }
  }

  private static String title(JsonNode of, String fields, String refusal) {
    return of.at("/base/kind").asText()
        + " "
        + fields
        + (refusal.isEmpty() ? " is accepted" : " is refused: " + refusal);
  }

  private static List<String> messages(JSONSchemaProps schema) {
    List<String> messages = new ArrayList<>();
    if (schema.getXKubernetesValidations() != null) {
      schema.getXKubernetesValidations().forEach(rule -> messages.add(rule.getMessage()));
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(child -> messages.addAll(messages(child)));
    }
    if (schema.getItems() != null) {
      messages.addAll(messages(schema.getItems().getSchema()));
    }
    return messages;
  }

  private static ObjectNode merged(JsonNode of, JsonNode fields) {
    return merge(of.get("base").deepCopy(), fields);
  }

  private static ObjectNode merge(ObjectNode base, JsonNode changes) {
    changes
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode child
                  && base.get(field.getKey()) instanceof ObjectNode parent
                  && !field.getKey().equals("deployment")) {
                merge(parent, child);
              } else {
                base.set(field.getKey(), field.getValue());
              }
            });
    return base;
  }
}
