package io.mistraloperator.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DepartedTest {
  @Test
  void remembersTheLatestAndNoMore() {
    var departed = new Departed();
    IntStream.rangeClosed(0, Departed.MOST).forEach(i -> departed.add("uid-" + i));
    departed.add("uid-" + Departed.MOST);
    assertThat(departed.contains("uid-0")).isFalse();
    assertThat(departed.contains("uid-1")).isTrue();
    assertThat(departed.contains("uid-" + Departed.MOST)).isTrue();
    assertThat(departed.contains("another")).isFalse();
  }
}
