package simsiam.model.engine.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NativeArrayTest {
  private static final float[] VALUES = {1, 2, 3, 4, 5};

  /** What a device's memory is copied by, where the memory of the CPU is there to judge it. */
  @Test
  void copiesByOperationsAsByAddress() {
    try (NativeArray array = new NativeArray(6)) {
      array.writeByOperation(2, VALUES, 1, 3);
      float[] byAddress = new float[6];
      array.read(0, byAddress, 0, 6);
      assertThat(byAddress).containsExactly(0, 0, 2, 3, 4, 0);

      float[] byOperation = new float[5];
      array.readByOperation(1, byOperation, 1, 4);
      assertThat(byOperation).containsExactly(0, 0, 2, 3, 4);
    }
  }
}
