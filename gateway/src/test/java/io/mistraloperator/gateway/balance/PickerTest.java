package io.mistraloperator.gateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.mistraloperator.gateway.route.Instance;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PickerTest {
  private static final Instance A = new Instance("10.0.0.1", 8080);
  private static final Instance B = new Instance("10.0.0.2", 8080);
  private static final Instance C = new Instance("10.0.0.3", 8080);

  private final Picker picker = new Picker();

  private Picker.Lease pick(Instance... ready) {
    return picker.pick(List.of(ready), Set.of()).orElseThrow();
  }

  @Test
  void theLeastBusyIsTaken() {
    pick(A);
    pick(A);
    pick(B);

    assertThat(pick(A, B).instance()).isEqualTo(B);
    assertThat(pick(A, B, C).instance()).isEqualTo(C);
  }

  @Test
  void requestsSpreadEvenly() {
    List<Picker.Lease> leases = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      leases.add(pick(A, B, C));
    }

    assertThat(List.of(A, B, C)).allMatch(instance -> picker.outstanding(instance) == 10);
    leases.forEach(Picker.Lease::release);
    assertThat(List.of(A, B, C)).allMatch(instance -> picker.outstanding(instance) == 0);
  }

  @Test
  void equallyBusyOnesAreTakenByChance() {
    Set<Instance> taken = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Picker.Lease lease = pick(A, B, C);
      taken.add(lease.instance());
      lease.release();
    }

    assertThat(taken).containsExactlyInAnyOrder(A, B, C);
  }

  @Test
  void aLeaseIsGivenBackOnce() {
    Picker.Lease first = pick(A);
    pick(A);
    first.release();
    first.release();

    assertThat(picker.outstanding(A)).isEqualTo(1);
  }

  @Test
  void triedOnesAreNotTaken() {
    assertThat(picker.pick(List.of(A, B), Set.of(A)).orElseThrow().instance()).isEqualTo(B);
    assertThat(picker.pick(List.of(A), Set.of(A))).isEmpty();
    assertThat(picker.pick(List.of(), Set.of())).isEmpty();
  }
}
