package simsiam.pipelines.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTest {
  /** As CUDA reads its variable: what names no device ends the list. */
  @Test
  void devicesAreThoseThatCudaTakesFromItsVariable() {
    assertThat(Machine.devices("2\n 5\n")).containsExactly("2", "5");
    assertThat(Machine.devices("GPU-8932f937-d72c\nMIG-41b36624")).hasSize(2);
    assertThat(Machine.devices("-1")).isEmpty();
    assertThat(Machine.devices("0\n-1\n1")).containsExactly("0");
    assertThat(Machine.devices("")).isEmpty();
    assertThat(Machine.devices("1\n1\n0")).containsExactly("1", "0");
  }
}
