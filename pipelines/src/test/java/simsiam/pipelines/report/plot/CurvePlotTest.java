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

  /** Ticks are told by the grid: a column of its colour at each. */
  @Test
  void wholeNumbersHaveNoTicksBetweenThem() {
    List<Double> x = List.of(1.0, 2.0, 3.0);
    Curve curve =
        new Curve("layers", "Layers", "feature", "top-1 (%)")
            .line("probe", Curve.Role.MAIN, x, List.of(10.0, 60.0, 90.0))
            .line("SGD", Curve.Role.SECOND, x, List.of(10.0, 40.0, 80.0));
    assertThat(gridColumns(curve)).isEqualTo(3);
    Curve halves =
        new Curve("layers", "Layers", "feature", "top-1 (%)")
            .line("probe", Curve.Role.MAIN, List.of(1.5, 2.0, 3.0), List.of(10.0, 60.0, 90.0));
    assertThat(gridColumns(halves)).isGreaterThan(3);
  }

  @Test
  void logarithmicAxesHaveTicksAtPowersAlone() {
    Curve curve =
        new Curve("few_shot", "Accuracy", "images a class", "top-1 (%)")
            .withLogarithmicX()
            .line("probe", Curve.Role.MAIN, List.of(1.0, 5.0, 10.0), List.of(10.0, 60.0, 90.0));
    assertThat(gridColumns(curve)).as("1, 2, 4, 8 and 16").isEqualTo(5);
  }

  @Test
  void theUntrainedEncodersSecondLineIsDashed() {
    List<Double> x = IntStream.range(0, 60).mapToObj(i -> (double) i).toList();
    List<Double> y = x.stream().map(i -> 5.0).toList();
    Curve empty = new Curve("layers", "Layers", "feature", "top-1 (%)");
    int full = grey(empty.line("a", Curve.Role.BASELINE, x, y));
    int dashed = grey(empty.line("a", Curve.Role.SECOND_BASELINE, x, y));
    assertThat(dashed).isLessThan(full * 4 / 5);
  }

  private static int grey(Curve curve) {
    return Pngs.count(Pngs.decode(CurvePlot.draw(curve).png()), Palette.GREY);
  }

  /** Columns that are of the grid's colour where most rows of the grid are. */
  private static long gridColumns(Curve curve) {
    BufferedImage picture = Pngs.decode(CurvePlot.draw(curve).png());
    int height = picture.getHeight();
    return IntStream.range(0, picture.getWidth())
        .filter(
            x ->
                IntStream.range(0, height)
                        .filter(y -> picture.getRGB(x, y) == Palette.GRID.getRGB())
                        .count()
                    > height / 2)
        .count();
  }
}
