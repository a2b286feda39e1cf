package io.mistraloperator.gateway.dialect.rule;

import static io.mistraloperator.gateway.chat.Role.ASSISTANT;
import static io.mistraloperator.gateway.chat.Role.SYSTEM;
import static io.mistraloperator.gateway.chat.Role.TOOL;
import static io.mistraloperator.gateway.chat.Role.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.ToolCall;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("C3.3 order of roles")
class RolesTest {
  private static final Message S1 = Message.of(SYSTEM, "s1");
  private static final Message S2 = Message.of(SYSTEM, "s2");
  private static final Message U1 = Message.of(USER, "u1");
  private static final Message U2 = Message.of(USER, "u2");
  private static final Message A1 = Message.of(ASSISTANT, "a1");
  private static final Message A2 = Message.of(ASSISTANT, "a2");
  private static final Message CALL = calling("id0000001");
  private static final Message RESULT = result("id0000001");

  private static Message calling(String... ids) {
    return new Message(
        ASSISTANT,
        "",
        Stream.of(ids).map(id -> new ToolCall(id, "f", "{}")).toList(),
        Optional.empty());
  }

  private static Message result(String id) {
    return new Message(TOOL, "r", List.of(), Optional.of(id));
  }

  static Stream<Arguments> withSystemRole() {
    return Stream.of(
        arguments("as it is", List.of(S1, U1), "system:s1 user:u1"),
        arguments("two system messages become one", List.of(S1, S2, U1), "system:s1\n\ns2 user:u1"),
        arguments(
            "a late one leads", List.of(U1, A1, S1, U2), "system:s1 user:u1 assistant:a1 user:u2"),
        arguments("alone it becomes the user", List.of(S1), "user:s1"),
        arguments("last, it becomes the user", List.of(U1, A1, S1), "user:u1 assistant:a1 user:s1"),
        arguments(
            "neighbours become one",
            List.of(U1, U2, A1, A2, U1),
            "user:u1\n\nu2 assistant:a1\n\na2 user:u1"));
  }

  @ParameterizedTest(name = "A18.3, C3.1, C3.2: {0}")
  @MethodSource
  void withSystemRole(String name, List<Message> given, String expected) {
    assertThat(words(Roles.arranged(given, true, false))).isEqualTo(expected);
  }

  static Stream<Arguments> withoutSystemRole() {
    return Stream.of(
        arguments("joins the user", List.of(S1, U1), "user:s1\n\nu1"),
        arguments("two join the user", List.of(S1, S2, U1), "user:s1\n\ns2\n\nu1"),
        arguments(
            "joins the next user", List.of(U1, A1, S1, U2), "user:u1 assistant:a1 user:s1\n\nu2"),
        arguments("alone it becomes the user", List.of(S1), "user:s1"),
        arguments("last, it becomes the user and merges", List.of(U1, S1), "user:u1\n\ns1"),
        arguments(
            "after an answer it becomes the user",
            List.of(U1, A1, S1),
            "user:u1 assistant:a1 user:s1"));
  }

  @ParameterizedTest(name = "A18.1, C3.1, C3.2: {0}")
  @MethodSource
  void withoutSystemRole(String name, List<Message> given, String expected) {
    assertThat(words(Roles.arranged(given, false, false))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("B5 what is continued stays the last message, whatever moves before it")
  void continued(boolean systemRole) {
    List<Message> arranged = Roles.arranged(List.of(U1, A1, S1, A2), systemRole, true);

    assertThat(words(arranged)).isEqualTo("user:u1 assistant:a1 user:s1 assistant:a2");
    Problems problems = new Problems();
    Roles.check(List.of(U1, A1), true, problems);
    assertThat(problems.found()).isEmpty();
  }

  @Test
  void callsAndResultsStayApart() {
    List<Message> arranged =
        Roles.arranged(
            List.of(U1, calling("id0000001", "id0000002"), RESULT, result("id0000002"), A1, U2),
            true,
            false);

    assertThat(words(arranged)).isEqualTo("user:u1 assistant: tool:r tool:r assistant:a1 user:u2");
  }

  @Test
  @DisplayName("C2.4 results without an id get the id of the call in their place")
  void resultsWithoutIds() {
    Message nameless = new Message(TOOL, "r", List.of(), Optional.empty());

    List<Message> arranged =
        Roles.arranged(
            List.of(U1, calling("id0000001", "id0000002"), nameless, nameless), true, false);

    assertThat(arranged.stream().flatMap(m -> m.toolCallId().stream()))
        .containsExactly("id0000001", "id0000002");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("starts with the assistant", List.of(A1, U1), List.of("0")),
        arguments("starts with it after the system", List.of(S1, A1, U1), List.of("1")),
        arguments("ends with the assistant", List.of(U1, A1), List.of("1")),
        arguments("ends with a call", List.of(U1, CALL), List.of("1")),
        arguments("a result without a call", List.of(U1, RESULT), List.of("1")),
        arguments("a result of another call", List.of(U1, CALL, result("id0000009")), List.of("2")),
        arguments("the same result twice", List.of(U1, CALL, RESULT, RESULT), List.of("3", "1")),
        arguments(
            "a result is missing",
            List.of(U1, calling("id0000001", "id0000002"), RESULT),
            List.of("1")),
        arguments("no result at all", List.of(U1, CALL, U2), List.of("1")));
  }

  @ParameterizedTest(name = "C2.7, C3.3: {0}")
  @MethodSource
  void refused(String name, List<Message> given, List<String> positions) {
    Problems problems = new Problems();

    Roles.check(given, false, problems);

    assertThat(problems.found())
        .extracting(problem -> problem.loc().getLast())
        .containsExactlyElementsOf(positions);
  }

  static Stream<List<Message>> taken() {
    return Stream.of(
        List.of(U1),
        List.of(S1),
        List.of(S1, U1),
        List.of(U1, A1, U2),
        List.of(U1, CALL, RESULT),
        List.of(U1, CALL, RESULT, A1, U2));
  }

  @ParameterizedTest
  @MethodSource
  void taken(List<Message> given) {
    Problems problems = new Problems();

    Roles.check(given, false, problems);

    assertThat(problems.found()).isEmpty();
  }

  @Test
  @DisplayName("long conversations take one pass, whatever their order")
  void inOnePass() {
    List<Message> users = Collections.nCopies(200_000, Message.of(USER, "u".repeat(100)));
    List<Message> results = Collections.nCopies(400_000, RESULT);
    Problems problems = new Problems();

    List<Message> arranged =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> {
              Roles.check(results, false, problems);
              return Roles.arranged(users, true, false);
            });

    assertThat(problems.found()).hasSize(Problems.MOST);
    assertThat(arranged)
        .singleElement()
        .satisfies(m -> assertThat(m.text()).endsWith("u\n\n" + "u".repeat(100)));
  }

  private static String words(List<Message> messages) {
    return String.join(" ", messages.stream().map(m -> m.role().word() + ":" + m.text()).toList());
  }
}
