package simsiam.pipelines.report.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.pipelines.report.Pngs;
import simsiam.pipelines.result.Curve;

class CurvePlotTest {
  /** The library looks for ticks until it has some: for these it must not look for ever. */
  @Test
  @Timeout(60)
  void logarithmicAxesAreDrawnWhateverTheySpan() {
    for (List<Double> x : List.of(List.of(5.0), List.of(1.0, 5.0, 50.0), List.of(0.7, 5000.0))) {
      Curve curve =
          new Curve("few_shot", "Accuracy", "images a class", "top-1 (%)")
              .withLogarithmicX()
              .line("probe", Curve.Role.MAIN, x, x, x)
              .line("kNN", Curve.Role.SECOND, x, x)
              .level("chance", Curve.Role.BASELINE, 1);
      BufferedImage picture = Pngs.decode(CurvePlot.draw(curve).png());
      assertThat(Pngs.count(picture, Palette.BLUE)).as(x.toString()).isGreaterThan(50);
      assertThat(Pngs.count(picture, Palette.VERMILION)).as(x.toString()).isGreaterThan(50);
    }
  }

  /** On doublings 4 lies halfway between 1 and 16, where a linear axis has it at a fifth. */
  @Test
  void logarithmicAxesPutValuesByTheirLogarithm() {
    BufferedImage picture =
        Pngs.decode(
            CurvePlot.draw(
                    new Curve("x", "x", "x", "y")
                        .withLogarithmicX()
                        .line(
                            "a", Curve.Role.MAIN, List.of(1.0, 4.0, 16.0), List.of(0.0, 9.0, 0.0)))
                .png());
    int[] columns =
        IntStream.range(0, picture.getWidth())
            .filter(x -> picture.getRGB(x, picture.getHeight() / 4) == Palette.BLUE.getRGB())
            .toArray();
    int left = columns[0];
    int right = columns[columns.length - 1];
    assertThat((left + right) / 2.0 / picture.getWidth()).isCloseTo(0.53, within(0.03));
  }
}
