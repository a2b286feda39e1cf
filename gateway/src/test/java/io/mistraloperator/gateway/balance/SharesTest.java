package io.mistraloperator.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.api.Engine;
import io.mistraloperator.gateway.route.Deployment;
import io.mistraloperator.gateway.route.Route;
import io.mistraloperator.gateway.testing.Routes;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {
  private static final Route ROUTE = Routes.route("chat", Engine.LlamaCpp, Routes.CHAT);

  /** Deployments from {@code name=weight} or {@code name=weight/mirror}. */
  private static List<Deployment> deployments(String words) {
    return Arrays.stream(words.split(" "))
        .map(word -> word.split("[=/]"))
        .map(
            parts ->
                Routes.beside(
                    ROUTE,
                    parts[0],
                    Integer.parseInt(parts[1]),
                    parts.length > 2 ? Integer.parseInt(parts[2]) : 0))
        .toList();
  }

  @ParameterizedTest(name = "{0}, of which {1} can: {2}")
  @CsvSource({
    "blue=100,                   blue,            {blue=100}",
    "blue=100,                   '',              {blue=100}",
    "blue=100 green=0,           blue green,      {blue=100}",
    "blue=90 green=10,           blue green,      '{blue=90, green=10}'",
    "blue=1 green=2 red=97,      blue green red,  '{blue=1, green=2, red=97}'",
    // A split that lost a deployment is made up by those that are left.
    "blue=30 green=10,           blue green,      '{blue=30, green=10}'",
    "blue=90 green=10,           green,           {green=10}",
    "blue=50 green=25 red=25,    green red,       '{green=25, red=25}'",
    // Without anybody who can, the refusal is that of the deployment whose turn it is.
    "blue=90 green=10,           '',              '{blue=90, green=10}'",
    // A deployment at 0 is not asked, whoever else cannot answer.
    "blue=100 green=0,           green,           {blue=100}",
    "blue=0 green=0,             blue green,      {}"
  })
  @DisplayName("D2.4 each deployment has exactly its share of those that can answer")
  void shares(String words, String able, String expected) {
    List<Deployment> deployments = deployments(words);
    Set<String> fit = Set.of(able.strip().split(" "));
    Predicate<Deployment> test = deployment -> fit.contains(deployment.name());
    int[] bound = {1};
    Shares.pick(
        deployments,
        test,
        limit -> {
          bound[0] = limit;
          return 0;
        });

    var counts =
        IntStream.range(0, bound[0])
            .mapToObj(i -> Shares.pick(deployments, test, limit -> i))
            .flatMap(java.util.Optional::stream)
            .collect(
                Collectors.groupingBy(
                    Deployment::name, TreeMap::new, Collectors.summingInt(each -> 1)));

    // With one candidate nothing is drawn.
    assertThat(bound[0] == 1 ? counts.keySet().toString() : counts.toString())
        .isEqualTo(bound[0] == 1 ? expected.replaceAll("\\{(\\w*).*", "[$1]") : expected);
  }

  @Test
  @DisplayName("D2.6 a copy of exactly its share goes to each mirrored deployment but its own")
  void copies() {
    List<Deployment> deployments = deployments("blue=100/30 green=0/20 red=0/0");

    var counts =
        IntStream.range(0, 100)
            .mapToObj(i -> Shares.copied(deployments, deployments.getFirst(), limit -> i))
            .flatMap(List::stream)
            .collect(Collectors.groupingBy(Deployment::name, Collectors.counting()));

    assertThat(counts).containsOnly(java.util.Map.entry("green", 20L));
  }
}
