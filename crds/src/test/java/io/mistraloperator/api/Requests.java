package io.mistraloperator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.Kinds;
import java.util.Optional;

/** Sends objects as they are, so that no Java type mends them on the way. */
final class Requests {
  private final ApiServer server;
  private final String namespace;

  Requests(ApiServer server) {
    this.server = server;
    this.namespace = server.newNamespace();
  }

  /** The server's refusal of a creation that is not kept; empty when it is accepted. */
  Optional<String> tryCreate(ObjectNode object) {
    return send("POST", collection(object) + "?dryRun=All&fieldValidation=Strict", object);
  }

  /** Creates the object to keep. */
  void create(ObjectNode object) {
    send("POST", collection(object), object)
        .ifPresent(
            refusal -> {
              throw new AssertionError(refusal);
            });
  }

  /** The server's refusal of a change that is not kept; empty when it is accepted. */
  Optional<String> tryReplaceSpec(ObjectNode object) {
    var name = object.at("/metadata/name").asText();
    var stored = Tree.parse(server.client().raw(collection(object) + "/" + name));
    stored.set("spec", object.get("spec"));
    return send("PUT", collection(object) + "/" + name + "?dryRun=All", stored);
  }

  private Optional<String> send(String method, String uri, ObjectNode object) {
    try {
      server.client().raw(uri, method, object);
      return Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.of(e.getMessage());
    }
  }

  private String collection(ObjectNode object) {
    var kind =
        Kinds.ALL.stream()
            .filter(type -> HasMetadata.getKind(type).equals(object.get("kind").asText()))
            .findFirst()
            .orElseThrow();
    return ApiServer.collection(kind, namespace);
  }
}
