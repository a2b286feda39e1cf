package io.mistraloperator.operator.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.mistraloperator.api.InferenceRouteSpec.KeyDigest;
import io.mistraloperator.api.testing.ApiServer;
import io.mistraloperator.api.testing.ApiServerExtension;
import io.mistraloperator.operator.kube.Hashes;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Keys of endpoints on a real API server. */
@ExtendWith(ApiServerExtension.class)
class KeysFlowTest {
  private final World world;

  KeysFlowTest(ApiServer server) {
    this.world = new World(server);
  }

  @Test
  @DisplayName("T-K1 D1.7 raising a revision replaces that key alone")
  void rotatesOneKey() {
    try (var _ = world.operator()) {
      world.deploy("rotated");
      Secret before = published("rotated");
      world.deploy("rotated", "keys: {primary: 2}");
      world.until(
          "another primary key",
          () ->
              !key("rotated", "primaryKey").equals(World.text(before, "primaryKey"))
                  && digests("rotated")
                      .contains(
                          new KeyDigest("primary", Hashes.sha256(key("rotated", "primaryKey")))));
      assertThat(key("rotated", "primaryKey")).matches("[A-Za-z0-9]{32}");
      assertThat(key("rotated", "secondaryKey")).isEqualTo(World.text(before, "secondaryKey"));
    }
  }

  @Test
  @DisplayName("T-K3 a deleted Secret comes back with other keys, without anybody watching Secrets")
  void replacesADeletedSecret() {
    try (var _ = world.operator()) {
      world.deploy("lost");
      Secret before = published("lost");
      world.client.resource(before).delete();
      // The garbage collector's part: what only the Secret owned goes with it.
      var witness =
          world.client.configMaps().inNamespace(world.project).withName("lost-keys").get();
      assertThat(witness.getMetadata().getOwnerReferences())
          .singleElement()
          .satisfies(
              reference -> {
                assertThat(reference.getKind()).isEqualTo("Secret");
                assertThat(reference.getUid()).isEqualTo(before.getMetadata().getUid());
              });
      world.client.resource(witness).delete();
      world.until("a new Secret", () -> world.keys(world.project, "lost").isPresent());
      Secret after = published("lost");
      assertThat(World.text(after, "primaryKey")).isNotEqualTo(World.text(before, "primaryKey"));
      assertThat(World.text(after, "secondaryKey"))
          .isNotEqualTo(World.text(before, "secondaryKey"));
    }
  }

  @Test
  @DisplayName(
      "T-K3 a key that the project puts in itself is kept, one without the form is replaced")
  void keepsOwnKeysOfTheRightForm() {
    String own = "a".repeat(32);
    try (var _ = world.operator()) {
      world.deploy("own");
      published("own");
      world
          .client
          .secrets()
          .inNamespace(world.project)
          .withName("own-keys")
          .edit(
              secret ->
                  new SecretBuilder(secret)
                      .addToStringData("primaryKey", own)
                      .addToStringData("secondaryKey", "short")
                      .build());
      world.deploy("own", "instances: 2");
      world.until(
          "digests of the keys that are there",
          () ->
              digests("own")
                  .equals(
                      List.of(
                          new KeyDigest("primary", Hashes.sha256(own)),
                          new KeyDigest("secondary", Hashes.sha256(key("own", "secondaryKey"))))));
      assertThat(key("own", "primaryKey")).isEqualTo(own);
      assertThat(key("own", "secondaryKey")).hasSize(32);
    }
  }

  @Test
  void leavesASecretOfOthersAlone() {
    var foreign =
        world
            .client
            .resource(
                new SecretBuilder()
                    .withNewMetadata()
                    .withName("foreign-keys")
                    .withNamespace(world.project)
                    .endMetadata()
                    .addToStringData("primaryKey", "b".repeat(32))
                    .build())
            .create();
    try (var _ = world.operator()) {
      world.deploy("foreign");
      world.eventually(
          () -> {
            var stalled = world.condition(world.deployment("foreign"), "Stalled");
            assertThat(stalled.getReason()).isEqualTo("NameTaken");
            assertThat(stalled.getMessage()).contains("Secret foreign-keys");
          });
      assertThat(world.keys(world.project, "foreign").orElseThrow()).isEqualTo(foreign);
      assertThat(world.route("foreign")).isEmpty();
      world.client.resource(foreign).delete();
    }
  }

  @Test
  @DisplayName("T-K2 no key stands in a route, a status, an event or a pod")
  void tellsKeysToNobody() {
    try (var _ = world.operator()) {
      world.deploy("secret");
      Secret keys = published("secret");
      world.reports.serve(world.project, "secret");
      world.untilReady("secret");
      String everything =
          Serialization.asJson(world.deployment("secret"))
              + Serialization.asJson(world.route("secret").orElseThrow())
              + Serialization.asJson(world.engine(world.project, "secret").orElseThrow())
              + Serialization.asJson(world.client.v1().events().inNamespace(world.project).list());
      assertThat(everything)
          .contains("Serving")
          .doesNotContain(World.text(keys, "primaryKey"), World.text(keys, "secondaryKey"));
    }
  }

  /** The Secret, once the gateway knows its keys. */
  private Secret published(String name) {
    world.until(
        "keys of " + name,
        () ->
            world.keys(world.project, name).isPresent()
                && digests(name)
                    .contains(new KeyDigest("primary", Hashes.sha256(key(name, "primaryKey")))));
    return world.keys(world.project, name).orElseThrow();
  }

  private String key(String name, String entry) {
    return World.text(world.keys(world.project, name).orElseThrow(), entry);
  }

  private List<KeyDigest> digests(String route) {
    return world.route(route).map(found -> found.getSpec().keys()).orElse(List.of());
  }
}
