package simsiam.model.engine.nd4j.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Random;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.nd4j.Nd4jBackend;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;

class Bfloat16Test {
  /** Of the two neighbours the nearer, or the even one, by exact arithmetic. */
  @Test
  void roundsToTheNearest() {
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      if (i % 3 == 0) { // half-way
        value = Float.intBitsToFloat((Float.floatToIntBits(value) & 0xffff0000) | 0x8000);
      }
      if (Float.isNaN(value)) {
        assertThat(Bfloat16.toFloat(Bfloat16.of(value))).isNaN();
        continue;
      }
      short below = (short) (Float.floatToIntBits(value) >>> 16); // towards zero
      short above = (short) (below + 1);
      double toBelow = Math.abs((double) value - Bfloat16.toFloat(below));
      double toAbove = Math.abs(beyond(above) - value);
      boolean up = toAbove < toBelow || (toAbove == toBelow && (above & 1) == 0);
      assertThat(Bfloat16.of(value)).as("%s", value).isEqualTo(up ? above : below);
    }
  }

  /** What comes after the largest finite value counts as the next power of two. */
  private static double beyond(short half) {
    float value = Bfloat16.toFloat(half);
    return Float.isInfinite(value) ? Math.copySign(0x1p128, value) : value;
  }

  @Test
  void mapsKeepWhatIsWritten() {
    Nd4jBackend.load();
    try (Arena arena = new Arena()) {
      FeatureMap map = arena.map(MapShape.matrix(3, 5), ElementType.BFLOAT16);
      map.write(4, new float[] {9, 1.5f, -2.25f, 3.00001f}, 1, 3);
      float[] read = new float[5];
      map.read(3, read, 0, 5);
      assertThat(read).containsExactly(0, 1.5f, -2.25f, 3, 0);
      assertThat(map.storage().size()).isEqualTo(8); // 15 values of 2 bytes
      assertThatIllegalStateException()
          .isThrownBy(map::matrix)
          .withMessage(
              "Cannot compute on maps of bf16 here: expected float32, which ND4J's own operations"
                  + " need (train.precision bf16 is for oneDNN's on the CPU)");
    }
  }
}
