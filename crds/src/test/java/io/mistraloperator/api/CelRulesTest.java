package io.mistraloperator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every CEL rule and every rule of names, with what it lets pass and what it refuses. */
@ExtendWith(ApiServerExtension.class)
class CelRulesTest {
  private static final String ZONE = "timeZone must be one of the IANA database";
  private static final String NAME = "metadata.name is also the endpoint name";
  private static final String DNS = "metadata.name must start with a letter and hold at most 63";
  private static final String SOURCE =
      "a source has exactly one of pvc, url, image, huggingFace and s3";
  private static final String CACHE = "a cache has exactly one of claimName";
  private static final String MADE =
      "storageClassName and accessMode are for the claim that is made";
  private static final String GROWS = "size can only grow";
  private static final String FIXED =
      "storageClassName and accessMode of a claim cannot be changed";
  private static final String HUB = "{repository: mistralai/m}";

  private static final String OF_FOLDER = "the path stays inside its folder";
  private static final String SUM = "sha256 is that of file";
  private static final String INSIDE = "the path stays inside the volume: '..' is not allowed";
  private static final String SUBSTITUTE = "spec.substitute must name the weights that run";
  private static final String KV_CACHE = "spec.footprint tells the KV cache either by attention";
  private static final String ATTENTION =
      "attention has either kvHeads and headSize, or latentSize";
  private static final String MODES = "spec.deployment must allow something";
  private static final String MODEL = "spec.model cannot be changed";
  private static final String ENDPOINT = "spec.endpointName cannot be changed";

  private static final String OIDC = "spec.auth.oidc says which tokens are accepted";
  private static final String KUBERNETES =
      "spec.auth.kubernetes has a meaning with mode Kubernetes only";
  private static final String ISSUER = "oidc: {issuer: 'https://id.example.com/a', audiences: [x]}";

  private static final String EITHER = "spec.instances and spec.autoscaling exclude each other";
  private static final String ENDPOINT_LOAD =
      "spec.autoscaling follows the load of the endpoint, which spec.expose: false takes away";
  private static final String SHARES = "spec.traffic and spec.mirror are shares of an endpoint";
  private static final String MIN_MAX =
      "spec.autoscaling.minInstances must not be above spec.autoscaling.maxInstances";

  private static final String STUCK =
      "spec.rollout.maxSurge and spec.rollout.maxUnavailable must not both be 0";

  private static final String ONE_QUOTA = "metadata.name must be default: a project has one quota";

  private static final String PRICE = "spec.price has exactly one of perHour and perCoreHour";

  private static final String MACHINE =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: InstanceType
      metadata: {name: cpu}
      spec: {family: cpu, cores: 8, memory: 32Gi}
      """;

  private static final String ACKNOWLEDGED =
      "spec.sharedQuota.acknowledged must be true: a deployment on the shared quota is deleted 168 hours";
  private static final String SHARED = "spec.sharedQuota cannot be added or taken away";

  private static final String QUOTA =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: InferenceQuota
      metadata: {name: default}
      spec: {families: [{name: a100, cores: 48}]}
      """;

  private static final String DEPLOYMENT =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: MistralDeployment
      metadata: {name: chat}
      spec: {model: m, instanceType: cpu-8}
      """;

  private static final String SERVERLESS =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: ServerlessEndpoint
      metadata: {name: chat}
      spec: {model: m}
      """;

  private static final String ROUTE =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: InferenceRoute
      metadata: {name: chat}
      spec:
        owner: {kind: MistralDeployment, namespace: team-a, name: chat, uid: u}
        endpointName: chat
        hosts: [chat.local]
        model:
          name: m
          provider: p
          task: ChatCompletions
          tokenizer: v3
          contextLength: 4096
          capabilities: {tools: false, json: false, vision: false, systemRole: false}
        backend: {engine: VLLM, namespace: team-a, service: chat-engine, servedModel: m}
        keys: []
      """;

  private static final String CATALOGUE =
      """
      apiVersion: mistraloperator.io/v1alpha1
      kind: MistralModel
      metadata: {name: m}
      spec:
        id: M
        displayName: M
        label: Open
        task: ChatCompletions
        license: {name: Apache-2.0}
        weights: Open
        contextLength: 4096
        tokenizer: v3
        footprint: {weights: [{precision: BF16, size: 1Gi}], kvBytesPerToken: 1, attentionHeads: 1}
        sources: [{engine: VLLM, precision: BF16, from: {pvc: {claimName: a, path: b}}}]
        deployment: {managed: true}
      """;

  private static final String WITHOUT_CACHE = CATALOGUE.replace(" kvBytesPerToken: 1,", "");

  private static String attention(String shape) {
    return "spec: {footprint: {attention: {%s}}}".formatted(shape);
  }

  private static String from(String source) {
    return "spec: {sources: [{engine: VLLM, precision: BF16, from: %s}]}".formatted(source);
  }

  /** A creation: the base with changes, and the start of the refusal's message or nothing. */
  private record Creation(String base, String changes, String refusal) {
    ObjectNode object() {
      return merged(Tree.parse(base), Tree.parse(changes));
    }
  }

  private static Creation schedule(String fields, String refusal) {
    return new Creation(
        DEPLOYMENT,
        "spec: {autoscaling: {minInstances: 0, maxInstances: 3, schedules: [{%s}]}}"
            .formatted(fields),
        refusal);
  }

  private static Creation zone(String name, String refusal) {
    return schedule(
        "from: '08:00', to: '18:00', minInstances: 1, timeZone: '%s'".formatted(name), refusal);
  }

  /** A change of a stored object's spec. */
  private record Change(String base, String before, String after, String refusal) {}

  private static final List<Creation> CREATIONS =
      List.of(
          new Creation(DEPLOYMENT, "metadata: {name: chat-1}", ""),
          new Creation(DEPLOYMENT, "metadata: {name: ab}", NAME),
          new Creation(DEPLOYMENT, "metadata: {name: " + "a".repeat(32) + "}", ""),
          new Creation(DEPLOYMENT, "metadata: {name: " + "a".repeat(33) + "}", NAME),
          new Creation(DEPLOYMENT, "metadata: {name: a--b}", NAME),
          new Creation(
              DEPLOYMENT,
              "{metadata: {name: " + "a".repeat(33) + "}, spec: {endpointName: chat}}",
              ""),
          new Creation(DEPLOYMENT, "{metadata: {name: a--b}, spec: {expose: false}}", ""),
          new Creation(DEPLOYMENT, "{metadata: {name: a--b}, spec: {expose: true}}", NAME),
          new Creation(
              DEPLOYMENT, "{metadata: {name: " + "a".repeat(63) + "}, spec: {expose: false}}", ""),
          new Creation(
              DEPLOYMENT, "{metadata: {name: " + "a".repeat(64) + "}, spec: {expose: false}}", DNS),
          new Creation(DEPLOYMENT, "{metadata: {name: chat.1}, spec: {expose: false}}", DNS),
          new Creation(DEPLOYMENT, "{metadata: {name: 1chat}, spec: {expose: false}}", DNS),
          new Creation(DEPLOYMENT, "spec: {endpointName: Contoso-Chat-1}", ""),
          new Creation(DEPLOYMENT, "spec: {endpointName: 1chat}", "spec.endpointName"),
          new Creation(DEPLOYMENT, "spec: {endpointName: a--b}", "spec.endpointName"),
          new Creation(DEPLOYMENT, "spec: {endpointName: chat-}", "spec.endpointName"),
          new Creation(DEPLOYMENT, "spec: {endpointName: a_b}", "spec.endpointName"),
          new Creation(DEPLOYMENT, "spec: {autoscaling: {minInstances: 0, maxInstances: 3}}", ""),
          new Creation(DEPLOYMENT, "spec: {instances: 1, autoscaling: {maxInstances: 3}}", ""),
          new Creation(DEPLOYMENT, "spec: {instances: 2, autoscaling: {maxInstances: 3}}", EITHER),
          new Creation(DEPLOYMENT, "spec: {instances: 0, autoscaling: {maxInstances: 3}}", EITHER),
          new Creation(DEPLOYMENT, "spec: {autoscaling: {minInstances: 3, maxInstances: 3}}", ""),
          new Creation(
              DEPLOYMENT, "spec: {autoscaling: {minInstances: 4, maxInstances: 3}}", MIN_MAX),
          schedule("from: '08:00', to: '18:30', minInstances: 2", ""),
          schedule("from: '22:00', to: '06:00', minInstances: 3, timeZone: Europe/Paris", ""),
          schedule("from: '00:00', to: '24:00', minInstances: 1, days: [Sat, Sun]", ""),
          schedule("from: '08:00', to: '08:00', minInstances: 1", "from and to of a schedule"),
          schedule("from: '08:00', to: '18:00', minInstances: 4", "minInstances of a schedule"),
          zone("UTC", ""),
          zone("Etc/GMT+5", ""),
          zone("Mars/Base", ZONE),
          zone("Local", ZONE),
          zone("2:00", ZONE),
          zone("+02:00", ZONE),
          zone("+25:00", ZONE),
          new Creation(DEPLOYMENT, "spec: {rollout: {maxSurge: 0, maxUnavailable: 0}}", STUCK),
          new Creation(DEPLOYMENT, "spec: {rollout: {maxSurge: 0%, maxUnavailable: 0}}", STUCK),
          new Creation(DEPLOYMENT, "spec: {rollout: {maxSurge: 0}}", ""),
          new Creation(DEPLOYMENT, "spec: {rollout: {maxSurge: 25%, maxUnavailable: 0}}", ""),
          new Creation(DEPLOYMENT, "spec: {rollout: {maxSurge: 51}}", "spec.rollout.maxSurge is a"),
          new Creation(
              DEPLOYMENT, "spec: {rollout: {maxUnavailable: many}}", "spec.rollout.maxUnavailable"),
          new Creation(
              DEPLOYMENT, "spec: {expose: false, autoscaling: {maxInstances: 3}}", ENDPOINT_LOAD),
          new Creation(DEPLOYMENT, "spec: {traffic: 100, mirror: 50}", ""),
          new Creation(DEPLOYMENT, "spec: {traffic: 101}", "spec.traffic"),
          new Creation(DEPLOYMENT, "spec: {mirror: 51}", "spec.mirror"),
          new Creation(DEPLOYMENT, "spec: {expose: false, traffic: 0, mirror: 0}", ""),
          new Creation(DEPLOYMENT, "spec: {expose: false, traffic: 10}", SHARES),
          new Creation(DEPLOYMENT, "spec: {expose: false, mirror: 10}", SHARES),
          new Creation(DEPLOYMENT, "spec: {source: {image: {reference: i, path: /m}}}", ""),
          new Creation(DEPLOYMENT, "spec: {source: {url: {url: 'http://h/m'}}}", ""),
          new Creation(DEPLOYMENT, "spec: {source: {}}", SOURCE),
          new Creation(DEPLOYMENT, "spec: {source: {huggingFace: " + HUB + "}}", ""),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {huggingFace: {repository: m}}}",
              "spec.source.huggingFace.repository"),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {huggingFace: {repository: a/b, file: a/../b}}}",
              OF_FOLDER),
          new Creation(
              DEPLOYMENT, "spec: {source: {huggingFace: " + HUB + ", s3: {bucket: abc}}}", SOURCE),
          new Creation(DEPLOYMENT, "spec: {source: {s3: {bucket: abc}}}", ""),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {s3: {bucket: abc, sha256: " + "a".repeat(64) + "}}}",
              SUM),
          new Creation(DEPLOYMENT, "spec: {cache: {claimName: shared}}", ""),
          new Creation(DEPLOYMENT, "spec: {cache: {size: 50Gi, accessMode: ReadWriteMany}}", ""),
          new Creation(DEPLOYMENT, "spec: {cache: {}}", CACHE),
          new Creation(DEPLOYMENT, "spec: {cache: {claimName: shared, size: 50Gi}}", CACHE),
          new Creation(
              DEPLOYMENT, "spec: {cache: {claimName: a, accessMode: ReadWriteMany}}", MADE),
          new Creation(DEPLOYMENT, "spec: {cache: {size: 50G}}", "spec.cache.size"),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {url: {url: 'http://h/m'}, image: {reference: i, path: /m}}}",
              SOURCE),
          new Creation(DEPLOYMENT, "spec: {source: {pvc: {claimName: a, path: b/c.gguf}}}", ""),
          new Creation(DEPLOYMENT, "spec: {source: {pvc: {claimName: a, path: b/../c}}}", INSIDE),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {pvc: {claimName: a, path: /b}}}",
              "spec.source.pvc.path"),
          new Creation(
              DEPLOYMENT, "spec: {source: {url: {url: 'ftp://h/m'}}}", "spec.source.url.url"),
          new Creation(
              DEPLOYMENT,
              "spec: {source: {image: {reference: i, path: m.gguf}}}",
              "spec.source.image.path"),
          new Creation(DEPLOYMENT, "spec: {auth: {}}", ""),
          new Creation(DEPLOYMENT, "spec: {auth: {mode: OIDC, " + ISSUER + "}}", ""),
          new Creation(DEPLOYMENT, "spec: {auth: {mode: OIDC}}", OIDC),
          new Creation(DEPLOYMENT, "spec: {auth: {" + ISSUER + "}}", OIDC),
          new Creation(
              DEPLOYMENT,
              "spec: {auth: {mode: OIDC, oidc: {issuer: 'http://id.example.com', audiences: [x]}}}",
              "spec.auth.oidc.issuer"),
          new Creation(
              DEPLOYMENT,
              "spec: {auth: {mode: OIDC, oidc: {issuer: 'https://id.example.com', audiences: []}}}",
              "spec.auth.oidc.audiences"),
          new Creation(DEPLOYMENT, "spec: {auth: {mode: Password}}", "spec.auth.mode"),
          new Creation(
              DEPLOYMENT,
              "spec: {auth: {mode: OIDC, kubernetes: {users: [u]}, " + ISSUER + "}}",
              KUBERNETES),
          new Creation(ROUTE, "spec: {auth: {mode: OIDC, " + ISSUER + "}}", ""),
          new Creation(ROUTE, "spec: {auth: {mode: OIDC}}", OIDC),
          new Creation(ROUTE, "spec: {auth: {mode: Key, kubernetes: {}}}", KUBERNETES),
          new Creation(SERVERLESS, "spec: {auth: {mode: Kubernetes}}", ""),
          new Creation(
              SERVERLESS, "spec: {auth: {mode: Kubernetes, kubernetes: {groups: [g]}}}", ""),
          new Creation(SERVERLESS, "spec: {auth: {kubernetes: {groups: [g]}}}", KUBERNETES),
          new Creation(SERVERLESS, "spec: {auth: {mode: Kubernetes, " + ISSUER + "}}", OIDC),
          new Creation(SERVERLESS, "metadata: {name: chat-1}", ""),
          new Creation(SERVERLESS, "metadata: {name: a--b}", NAME),
          new Creation(
              SERVERLESS,
              "{metadata: {name: " + "a".repeat(63) + "}, spec: {endpointName: chat}}",
              ""),
          new Creation(
              SERVERLESS,
              "{metadata: {name: " + "a".repeat(64) + "}, spec: {endpointName: chat}}",
              DNS),
          new Creation(SERVERLESS, "spec: {endpointName: Contoso-Chat-1}", ""),
          new Creation(SERVERLESS, "spec: {endpointName: 1chat}", "spec.endpointName"),
          new Creation(DEPLOYMENT, "spec: {sharedQuota: {acknowledged: true}}", ""),
          new Creation(DEPLOYMENT, "spec: {sharedQuota: {acknowledged: false}}", ACKNOWLEDGED),
          new Creation(MACHINE, "spec: {price: {perHour: '3.673'}}", ""),
          new Creation(MACHINE, "spec: {price: {perCoreHour: '0.04'}}", ""),
          new Creation(MACHINE, "spec: {price: {}}", PRICE),
          new Creation(MACHINE, "spec: {price: {perHour: '1', perCoreHour: '1'}}", PRICE),
          new Creation(QUOTA, "metadata: {name: shared}", ""),
          new Creation(QUOTA, "spec: {}", ""),
          new Creation(QUOTA, "metadata: {name: mine}", ONE_QUOTA),
          new Creation(
              QUOTA,
              "spec: {families: [{name: a100, cores: 1}, {name: a100, cores: 2}]}",
              "spec.families[1]: Duplicate value"),
          new Creation(
              QUOTA, "spec: {families: [{name: a100, cores: 1}, {name: cpu, cores: 0}]}", ""),
          new Creation(CATALOGUE, "spec: {weights: None}", SUBSTITUTE),
          new Creation(CATALOGUE, "spec: {weights: None, substitute: Other}", ""),
          new Creation(CATALOGUE, "spec: {weights: Research}", ""),
          new Creation(CATALOGUE, "spec: {deployment: {managed: false}}", MODES),
          new Creation(
              CATALOGUE,
              "spec: {deployment: {managed: false, serverless: {instanceType: cpu-8}}}",
              ""),
          new Creation(
              CATALOGUE, "spec: {sources: [{engine: VLLM, precision: BF16, from: {}}]}", SOURCE),
          new Creation(
              CATALOGUE,
              "spec: {sources: [{engine: VLLM, precision: BF16, from: {image: {reference: i, path: /m}}}]}",
              ""),
          new Creation(
              CATALOGUE,
              "spec: {sources: [{engine: VLLM, precision: BF16, from: {pvc: {claimName: a, path: ..}}}]}",
              "spec.sources[0].from.pvc.path"),
          new Creation(
              CATALOGUE,
              "spec: {sources: [{engine: VLLM, precision: BF16, from: {pvc: {claimName: a, path: a/..}}}]}",
              INSIDE),
          new Creation(CATALOGUE, from("{huggingFace: " + HUB + "}"), ""),
          new Creation(
              CATALOGUE, from("{huggingFace: {repository: a/b, file: a/../b}}"), OF_FOLDER),
          new Creation(CATALOGUE, from("{s3: {bucket: abc, file: a/../b}}"), OF_FOLDER),
          new Creation(CATALOGUE, from("{s3: {bucket: abc, sha256: " + "a".repeat(64) + "}}"), SUM),
          new Creation(CATALOGUE, "spec: {id: a/b}", "spec.id"),
          new Creation(CATALOGUE, attention("layers: 1, latentSize: 1"), KV_CACHE),
          new Creation(WITHOUT_CACHE, "metadata: {name: m}", KV_CACHE),
          new Creation(WITHOUT_CACHE, attention("layers: 1, latentSize: 1"), ""),
          new Creation(WITHOUT_CACHE, attention("layers: 1, kvHeads: 1, headSize: 1"), ""),
          new Creation(WITHOUT_CACHE, attention("layers: 1, latentSize: 1, kvHeads: 1"), ATTENTION),
          new Creation(WITHOUT_CACHE, attention("layers: 1, kvHeads: 1"), ATTENTION),
          new Creation(
              CATALOGUE,
              "spec: {sources: [{engine: VLLM, precision: bf16, from: {pvc: {claimName: a, path: b}}}]}",
              "spec.sources[0].precision"));

  private static final List<Change> CHANGES =
      List.of(
          new Change(DEPLOYMENT, "spec: {instances: 1}", "spec: {instances: 3}", ""),
          new Change(DEPLOYMENT, "spec: {}", "spec: {instanceType: cpu-16}", ""),
          new Change(DEPLOYMENT, "spec: {}", "spec: {model: other}", MODEL),
          new Change(DEPLOYMENT, "spec: {}", "spec: {endpointName: other}", ENDPOINT),
          new Change(
              DEPLOYMENT, "spec: {endpointName: one}", "spec: {endpointName: other}", ENDPOINT),
          new Change(DEPLOYMENT, "spec: {endpointName: one}", "spec: {instances: 0}", ENDPOINT),
          new Change(
              DEPLOYMENT,
              "spec: {endpointName: one}",
              "spec: {endpointName: one, instances: 0}",
              ""),
          new Change(DEPLOYMENT, "spec: {cache: {size: 50Gi}}", "spec: {cache: {size: 1Ti}}", ""),
          new Change(
              DEPLOYMENT, "spec: {cache: {size: 1Ti}}", "spec: {cache: {size: 50Gi}}", GROWS),
          new Change(
              DEPLOYMENT, "spec: {cache: {size: 1Gi}}", "spec: {cache: {claimName: shared}}", ""),
          new Change(
              DEPLOYMENT,
              "spec: {cache: {size: 1Gi}}",
              "spec: {cache: {size: 1Gi, accessMode: ReadWriteOnce}}",
              ""),
          new Change(
              DEPLOYMENT,
              "spec: {cache: {size: 1Gi}}",
              "spec: {cache: {size: 1Gi, storageClassName: fast}}",
              FIXED),
          new Change(DEPLOYMENT, "spec: {}", "spec: {sharedQuota: {acknowledged: true}}", SHARED),
          new Change(DEPLOYMENT, "spec: {sharedQuota: {acknowledged: true}}", "spec: {}", SHARED),
          new Change(SERVERLESS, "spec: {}", "spec: {keys: {primary: 2}}", ""),
          new Change(SERVERLESS, "spec: {}", "spec: {model: other}", MODEL),
          new Change(SERVERLESS, "spec: {}", "spec: {endpointName: other}", ENDPOINT),
          new Change(
              SERVERLESS, "spec: {endpointName: one}", "spec: {endpointName: other}", ENDPOINT),
          new Change(SERVERLESS, "spec: {endpointName: one}", "spec: {}", ENDPOINT));

  private final Requests requests;

  CelRulesTest(ApiServer server) {
    requests = new Requests(server);
  }

  @TestFactory
  @DisplayName(
      "T-A1, A6.1, D2.1 objects are accepted, or refused with a message that names the field")
  Stream<DynamicTest> creations() {
    return CREATIONS.stream()
        .map(
            creation ->
                DynamicTest.dynamicTest(
                    title(creation.object(), creation.changes(), creation.refusal()),
                    () -> check(requests.tryCreate(creation.object()), creation.refusal())));
  }

  @TestFactory
  @DisplayName("T-A1 changes are accepted, or refused with a message that names the field")
  Stream<DynamicTest> changes() {
    var counter = new int[1];
    return CHANGES.stream()
        .map(
            change -> {
              var before = merged(Tree.parse(change.base()), Tree.parse(change.before()));
              var after = merged(Tree.parse(change.base()), Tree.parse(change.after()));
              var name = "change-" + counter[0]++;
              for (var object : List.of(before, after)) {
                object.withObject("/metadata").put("name", name);
              }
              return DynamicTest.dynamicTest(
                  title(before, change.before() + " -> " + change.after(), change.refusal()),
                  () -> {
                    requests.create(before);
                    check(requests.tryReplaceSpec(after), change.refusal());
                  });
            });
  }

  @Test
  @DisplayName("T-A1 every CEL rule has a case that it refuses and one that it accepts")
  void everyRuleHasCases() {
    for (var definition : Definitions.all()) {
      var kind = definition.getSpec().getNames().getKind();
      Set<String> refusals = new TreeSet<>();
      boolean accepted = false;
      for (var creation : CREATIONS) {
        if (creation.object().get("kind").asText().equals(kind)) {
          refusals.add(creation.refusal());
          accepted |= creation.refusal().isEmpty();
        }
      }
      CHANGES.stream()
          .filter(change -> Tree.parse(change.base()).get("kind").asText().equals(kind))
          .forEach(change -> refusals.add(change.refusal()));
      for (String message : messages(Definitions.schema(definition))) {
        assertThat(refusals)
            .as("a refusal by the rule of %s: %s", kind, message)
            .anyMatch(refusal -> !refusal.isEmpty() && message.startsWith(refusal));
        assertThat(accepted).as("an accepted %s", kind).isTrue();
      }
    }
  }

  private static void check(java.util.Optional<String> answer, String refusal) {
    if (refusal.isEmpty()) {
      assertThat(answer).isEmpty();
    } else {
      assertThat(answer).hasValueSatisfying(message -> assertThat(message).contains(refusal));
    }
  }

  private static String title(ObjectNode object, String changes, String refusal) {
    return object.get("kind").asText()
        + " "
        + changes.strip()
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

  private static ObjectNode merged(ObjectNode base, JsonNode changes) {
    changes
        .properties()
        .forEach(
            field -> {
              if (field.getValue() instanceof ObjectNode child
                  && base.get(field.getKey()) instanceof ObjectNode parent
                  && !field.getKey().equals("deployment")) {
                merged(parent, child);
              } else {
                base.set(field.getKey(), field.getValue());
              }
            });
    return base;
  }
}
