package io.mistraloperator.operator.mistraldeployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListedInstancesTest {
  private static final String PLAIN = "endpoints: [{addresses: [10.0.0.9]}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "addressType: IPv4                                                                  | 1",
        "endpoints: null                                                                    | 1",
        "endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]                    | 2",
        "endpoints: [{addresses: [10.0.0.1, fd00::1], conditions: {ready: true}}]           | 2",
        "endpoints: [{addresses: [10.0.0.1], conditions: {}}]                               | 2",
        "endpoints: [{addresses: [10.0.0.1], conditions: {ready: false}}]                   | 1",
        "endpoints: [{addresses: [10.0.0.1], conditions: {ready: true, terminating: true}}] | 1",
        "endpoints: [{addresses: [10.0.0.9], conditions: {ready: true}}]                    | 1",
      })
  void countsThoseThatGetRequests(String other, int listed) {
    var slices =
        Stream.of(PLAIN, other).map(yaml -> Serialization.unmarshal(yaml, EndpointSlice.class));

    assertThat(ListedInstances.count(slices)).isEqualTo(listed);
  }
}
