package io.mistraloperator.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.chat.Message;
import io.mistraloperator.gateway.chat.Role;
import io.mistraloperator.gateway.route.Instance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedHashingTest {
  private static List<Instance> instances(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> new Instance("10.42." + i / 200 + "." + i % 200, 8080))
        .toList();
  }

  private static Instance idle(long prefix, List<Instance> candidates) {
    return BoundedHashing.choose(new Demand(prefix, 1), candidates, instance -> 0).orElseThrow();
  }

  @Test
  void oneConversationStaysWithOneInstance() {
    List<Instance> all = instances(10);
    for (long prefix : new Random(1).longs(100).toArray()) {
      assertThat(idle(prefix, all)).isEqualTo(idle(prefix, all.reversed()));
    }
  }

  @Test
  void conversationsSpreadOverAllInstances() {
    Map<Instance, Integer> count = new HashMap<>();
    List<Instance> all = instances(10);
    new Random(2).longs(10_000).forEach(prefix -> count.merge(idle(prefix, all), 1, Integer::sum));

    assertThat(count).hasSize(10);
    assertThat(count.values()).allMatch(each -> each > 850 && each < 1_150);
  }

  @Test
  void anInstanceThatGoesMovesOnlyItsOwnConversations() {
    List<Instance> all = instances(8);
    List<Instance> fewer = all.subList(0, 7);
    for (long prefix : new Random(3).longs(1_000).toArray()) {
      Instance before = idle(prefix, all);
      if (!before.equals(all.getLast())) {
        assertThat(idle(prefix, fewer)).isEqualTo(before);
      }
    }
  }

  @Test
  void aPopularConversationOverflowsToTheOthers() {
    List<Instance> all = instances(4);
    Map<Instance, Long> load = new HashMap<>();
    List<Instance> order = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Instance chosen =
          BoundedHashing.choose(new Demand(42, 10), all, at -> load.getOrDefault(at, 0L))
              .orElseThrow();
      load.merge(chosen, 10L, Long::sum);
      order.add(chosen);
    }

    assertThat(order.getFirst()).isEqualTo(idle(42, all));
    assertThat(load.values()).allMatch(tokens -> tokens <= 1.25 * 1_000 + 10);
    assertThat(load.get(order.getFirst())).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void whateverTheLoadsOneIsChosenAndItIsBelowTheBound(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      List<Instance> all = instances(1 + random.nextInt(12));
      Map<Instance, Long> load = new HashMap<>();
      all.forEach(at -> load.put(at, random.nextBoolean() ? 0 : random.nextLong(1L << 40)));
      Demand demand = new Demand(random.nextLong(), 1 + random.nextLong(100_000));

      Instance chosen = BoundedHashing.choose(demand, all, load::get).orElseThrow();

      double total =
          LongStream.concat(
                  LongStream.of(demand.tokens()), load.values().stream().mapToLong(x -> x))
              .asDoubleStream()
              .sum();
      assertThat((double) load.get(chosen)).isLessThan(1.25 * total / all.size());
    }
  }

  @Test
  void withoutCandidatesThereIsNone() {
    assertThat(BoundedHashing.choose(new Demand(1, 1), List.of(), at -> 0)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Hi,Hello there,Hi,Hello there,true",
    "Hi,Hello there,Hi,Something else,true",
    "Hi,x,Ho,x,false"
  })
  void aConversationKeepsItsPrefixOverItsTurns(
      String first, String answer, String otherFirst, String otherAnswer, boolean same) {
    long one = Demand.prefix(List.of(Message.of(Role.USER, first)));
    long two =
        Demand.prefix(
            List.of(
                Message.of(Role.USER, otherFirst),
                Message.of(Role.ASSISTANT, otherAnswer),
                Message.of(Role.USER, answer)));

    assertThat(one == two).isEqualTo(same);
  }

  @Test
  void longBeginningsCountUpToALimit() {
    String system = "s".repeat(Demand.PREFIX_LENGTH);
    long one = prefix(system, "one");

    assertThat(prefix(system, "two")).isEqualTo(one);
    assertThat(prefix(system.substring(1), "two")).isNotEqualTo(prefix(system.substring(1), "one"));
    assertThat(Demand.prefix(List.of(Message.of(Role.USER, system)))).isNotEqualTo(one);
  }

  private static long prefix(String system, String user) {
    return Demand.prefix(List.of(Message.of(Role.SYSTEM, system), Message.of(Role.USER, user)));
  }
}
