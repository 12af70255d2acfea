package simsiam.model.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

class EvalTransformTest {
  static List<List<String>> evaluations() {
    return Fixtures.rows("augment/cases.txt").stream()
        .filter(row -> row.get(0).equals("evaluate"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("evaluations")
  void equalsTorchvisionsResizeAndCenterCrop(List<String> row) {
    RgbImage image = Fixtures.image("augment/images/" + row.get(1));
    RgbImage expected = Fixtures.image("augment/images/" + row.get(2));
    RgbImage out = new EvalTransform(Integer.parseInt(row.get(3))).apply(image);
    assertThat(out.height()).isEqualTo(expected.height());
    assertThat(out.pixels()).isEqualTo(expected.pixels());
  }

  @Test
  void imagesOfTheSizeStayAsTheyAre() {
    RgbImage image = Fixtures.image("augment/images/square.png");
    assertThat(new EvalTransform(32).apply(image)).isSameAs(image);
  }
}
