package io.mistraloperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which objects of an earlier process need no apply. */
class FormsTest {
  private static final Service WANTED = service(8080);

  static Stream<Arguments> objects() {
    return Stream.of(
        row("as it was applied", true, all -> all),
        row(
            "with what the server added",
            true,
            all -> all.editSpec().withClusterIP("10.0.0.1").withType("ClusterIP").endSpec()),
        row(
            "with a label of others",
            true,
            all -> all.editMetadata().addToLabels("their", "own").endMetadata()),
        row(
            "with a changed value",
            false,
            all -> all.editSpec().editFirstPort().withPort(1).endPort().endSpec()),
        row("without a label", false, all -> all.editMetadata().withLabels(Map.of()).endMetadata()),
        row(
            "with one more in a list",
            false,
            all -> all.editSpec().addNewPort().withPort(2).endPort().endSpec()),
        row(
            "without the digest",
            false,
            all -> all.editMetadata().removeFromAnnotations(Forms.DIGEST).endMetadata()),
        row(
            "with the digest of a form that said more",
            false,
            all ->
                all.editMetadata()
                    .addToAnnotations(Forms.DIGEST, Forms.digest(service(9090)))
                    .endMetadata()));
  }

  private static Arguments row(
      String words, boolean applied, UnaryOperator<ServiceBuilder> change) {
    return Arguments.of(words, applied, change);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("objects")
  void tellsWhatIsApplied(String words, boolean applied, UnaryOperator<ServiceBuilder> change) {
    var stored = new ServiceBuilder(WANTED).build();
    Forms.sign(stored, Forms.digest(WANTED));
    var actual = change.apply(new ServiceBuilder(stored)).build();
    assertThat(Forms.isApplied(WANTED, Forms.digest(WANTED), actual)).as(words).isEqualTo(applied);
  }

  @Test
  @DisplayName("The order of entries, which differs from process to process, is no part of a form")
  void digestsAreTheSameInEveryProcess() {
    assertThat(Forms.digest(labelled("one", "two")))
        .isEqualTo(Forms.digest(labelled("two", "one")));
  }

  private static Service labelled(String... names) {
    Map<String, String> labels = new LinkedHashMap<>();
    Stream.of(names).forEach(name -> labels.put(name, name));
    return new ServiceBuilder(WANTED).editMetadata().withLabels(labels).endMetadata().build();
  }

  private static Service service(int port) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withName("chat")
        .addToLabels("app", "chat")
        .endMetadata()
        .withNewSpec()
        .addNewPort()
        .withPort(port)
        .endPort()
        .endSpec()
        .build();
  }
}
