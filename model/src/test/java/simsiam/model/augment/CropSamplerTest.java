package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.CropBox;
import simsiam.model.image.Fixtures;

/** Against torchvision's own {@code RandomResizedCrop.get_params}; see augment/generate.py. */
class CropSamplerTest {
  private static final int DRAWS = 50_000;

  static List<List<String>> crops() {
    return Fixtures.rows("augment/crops.txt");
  }

  static List<List<String>> statistics() {
    return Fixtures.rows("augment/crop-statistics.txt");
  }

  @ParameterizedTest
  @MethodSource("crops")
  void drawsTheBoxTorchvisionDrawsFromTheSameNumbers(List<String> row) {
    double[] v = row.stream().mapToDouble(Double::parseDouble).toArray();
    CropBox box =
        sampler(v).sample((int) v[0], (int) v[1], new ViewRandom(7, (int) v[6], "crop", 0));
    assertThat(box).isEqualTo(new CropBox((int) v[7], (int) v[8], (int) v[9], (int) v[10]));
  }

  private static CropSampler sampler(double[] v) {
    return new CropSampler(List.of(v[2], v[3]), List.of(v[4], v[5]));
  }

  @ParameterizedTest
  @MethodSource("statistics")
  void positionsAndSizesAreDistributedAsTorchvisions(List<String> row) {
    double[] v = row.stream().mapToDouble(Double::parseDouble).toArray();
    CropSampler sampler = sampler(v);
    double[][] drawn = new double[4][DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      CropBox box = sampler.sample((int) v[0], (int) v[1], new ViewRandom(11, i, "crop", 0));
      drawn[0][i] = box.top();
      drawn[1][i] = box.left();
      drawn[2][i] = box.height();
      drawn[3][i] = box.width();
    }
    for (int k = 0; k < 4; k++) {
      double mean = DoubleStream.of(drawn[k]).average().orElseThrow();
      double square = DoubleStream.of(drawn[k]).map(x -> (x - mean) * (x - mean)).sum();
      double deviation = v[8 + 2 * k];
      // Five standard errors of the difference of two means.
      double error = 5 * deviation * Math.sqrt(1.0 / DRAWS + 1.0 / v[6]);
      assertThat(mean).isCloseTo(v[7 + 2 * k], Offset.offset(error));
      assertThat(Math.sqrt(square / DRAWS)).isCloseTo(deviation, Offset.offset(error));
    }
  }
}
