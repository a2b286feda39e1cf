package io.mistraloperator.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Keys of endpoints: who gets in, rotation, loss. */
@RealCluster
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeysTest {
  private static final Duration ROTATION = Duration.ofSeconds(5);

  private final Cluster cluster;
  private Project project;

  KeysTest(Cluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void deploy() {
    project = cluster.project("keys");
    project.deploy("keys-a");
    project.deploy("keys-b");
    project.awaitReady("mistraldeployment/keys-a");
    project.awaitReady("mistraldeployment/keys-b");
  }

  @AfterAll
  void leave() {
    project.close();
  }

  @Test
  @DisplayName(
      "T-K1 no key and a wrong key are 401 with the error envelope, both keys are accepted")
  void checksKeys() {
    Application application = project.application("keys-a");
    for (String wrong : List.of("", "wrong", project.keyEntry("keys-b", "primaryKey"))) {
      Application.Answer refused = application.withKey(wrong).chat("Hi");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.body().at("/error/code").asText()).isNotEmpty();
      assertThat(refused.body().at("/error/message").asText()).isNotEmpty();
    }
    assertThat(application.chat("Hi").status()).isEqualTo(200);
    assertThat(application.withKey(project.keyEntry("keys-a", "secondaryKey")).chat("Hi").status())
        .isEqualTo(200);
  }

  @Test
  @DisplayName("A6.5 a key has 32 letters and digits")
  void makesKeysOf32Characters() {
    assertThat(List.of("primaryKey", "secondaryKey"))
        .allSatisfy(
            entry -> assertThat(project.keyEntry("keys-a", entry)).matches("[A-Za-z0-9]{32}"));
  }

  @Test
  @DisplayName(
      "T-K1 a raised revision replaces the primary key within 5 s; secondary and pods stay")
  void rotates() {
    Application old = project.application("keys-a");
    Application secondary = old.withKey(project.keyEntry("keys-a", "secondaryKey"));
    String oldKey = project.keyEntry("keys-a", "primaryKey");
    List<String> pods = project.engineUids("keys-a");
    try (var loop = new RequestLoop(secondary)) {
      raise("keys-a", "primary");
      await("the old key to be refused")
          .atMost(ROTATION)
          .until(() -> old.chat("Hi").status() == 401);
      assertThat(project.keyEntry("keys-a", "primaryKey")).isNotEqualTo(oldKey);
      await("the new key to be accepted")
          .atMost(ROTATION)
          .until(() -> project.application("keys-a").chat("Hi").status() == 200);
      loop.assertUninterrupted();
    }
    assertThat(project.engineUids("keys-a")).isEqualTo(pods);
  }

  @Test
  @DisplayName(
      "T-K3 a deleted key Secret comes back at the next pass with new keys; the old are refused")
  void replacesADeletedSecret() {
    Application old = project.application("keys-b");
    String oldKey = project.keyEntry("keys-b", "primaryKey");
    project.kubectl("delete", "secret", "keys-b-keys").orFail();
    // The operator may not watch Secrets: a pass comes with the next event of the deployment.
    raise("keys-b", "secondary");
    await("a Secret with new keys")
        .atMost(Project.TRUTH)
        .until(
            () ->
                project.keySecret("keys-b") != null
                    && !project.keyEntry("keys-b", "primaryKey").equals(oldKey));
    await("the old key to be refused").atMost(ROTATION).until(() -> old.chat("Hi").status() == 401);
    await("the new key to be accepted")
        .atMost(ROTATION)
        .until(() -> project.application("keys-b").chat("Hi").status() == 200);
  }

  /** Asks for a new key in place of the first. */
  private void raise(String deployment, String key) {
    String patch = "{\"spec\":{\"keys\":{\"%s\":2}}}".formatted(key);
    project
        .kubectl("patch", "mistraldeployment/" + deployment, "--type=merge", "-p", patch)
        .orFail();
  }
}
