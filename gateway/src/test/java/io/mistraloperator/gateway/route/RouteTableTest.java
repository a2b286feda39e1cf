package io.mistraloperator.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.chat.Refusal;
import io.mistraloperator.gateway.testing.Routes;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A6.3 requests find their endpoint")
class RouteTableTest {
  private final RouteTable table = new RouteTable("localhost");
  private final Route one = Routes.route("Chat-One", Engine.LlamaCpp, Routes.CHAT);

  @ParameterizedTest
  @CsvSource({
    "chat-one.local.inference.localhost,/info,/info",
    "CHAT-ONE.Local.inference.localhost,/info/,/info",
    "chat-one.local.inference.localhost,//chat//completions,/chat/completions",
    "anything,/endpoints/Chat-One/info,/info",
    "anything,/endpoints/chat-one/v1/models,/v1/models",
    "anything,/endpoints/CHAT-ONE//info,/info",
    "anything,/endpoints/chat-one,/",
    "anything,/endpoints/chat-one/,/"
  })
  void found(String host, String path, String rest) {
    table.replace(List.of(one));

    assertThat(table.find(host, path)).isEqualTo(new RouteTable.Match.Endpoint(one, rest));
  }

  @ParameterizedTest
  @CsvSource({
    "other,/info",
    "'',/info",
    "chat-one.local.inference.localhost,/endpoints/x/info",
    "x,/endpoints/"
  })
  void notFound(String host, String path) {
    table.replace(List.of(one));

    assertThatThrownBy(() -> table.find(host, path)).isInstanceOf(Refusal.class);
  }

  @Test
  void aRouteThatWentIsNotFound() {
    table.replace(List.of(one));
    table.replace(List.of());

    assertThatThrownBy(() -> table.find("x", "/endpoints/chat-one/info"))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void aHostThatTwoClaimBelongsToTheOlder() {
    Route thief =
        new Route(
            "a-thief",
            "a-thief",
            "team-b",
            Instant.parse("2026-11-21T09:00:00Z"),
            one.hosts(),
            one.keyDigests(),
            new Access.Keys(),
            one.deployments());
    table.replace(List.of(thief, one));

    assertThat(table.find(one.hosts().getFirst(), "/info"))
        .isEqualTo(new RouteTable.Match.Endpoint(one, "/info"));
  }

  @ParameterizedTest
  @DisplayName("A6.4 the unified endpoint of a project, by host and by path")
  @CsvSource({
    "team-a.services.localhost,/models/chat/completions,/models/chat/completions",
    "TEAM-A.Services.LocalHost,/models//chat/completions/,/models/chat/completions",
    "team-a.services.localhost,/,/",
    "anything,/projects/team-a/models/chat/completions,/models/chat/completions",
    "anything,/projects/Team-A/models,/models",
    "anything,/projects/team-a,/"
  })
  void unified(String host, String path, String rest) {
    Route two = Routes.route("Chat-Two", Engine.LlamaCpp, Routes.CHAT);
    table.replace(List.of(one, two));

    RouteTable.Match.Unified match = (RouteTable.Match.Unified) table.find(host, path);

    assertThat(match.path()).isEqualTo(rest);
    assertThat(match.project().name()).isEqualTo("team-a");
    assertThat(match.project().routes()).containsExactlyInAnyOrder(one, two);
    assertThat(match.project().named("CHAT-two")).contains(two);
  }

  @ParameterizedTest
  @CsvSource({"team-b.services.localhost,/models", "x,/projects/team-b/models"})
  void aProjectWithoutEndpoints(String host, String path) {
    table.replace(List.of(one));

    assertThat(table.find(host, path))
        .isInstanceOfSatisfying(
            RouteTable.Match.Unified.class,
            match -> assertThat(match.project().routes()).isEmpty());
  }

  @Test
  void anotherDomainIsNone() {
    table.replace(List.of(one));

    assertThatThrownBy(() -> table.find("team-a.services.example.com", "/models"))
        .isInstanceOf(Refusal.class);
    assertThatThrownBy(() -> table.find("team-a.services.localhost.evil", "/models"))
        .isInstanceOf(Refusal.class);
  }
}
