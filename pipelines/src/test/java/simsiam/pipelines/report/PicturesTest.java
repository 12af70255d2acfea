package simsiam.pipelines.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.Verdict;
import simsiam.model.image.RgbImage;
import simsiam.pipelines.report.plot.ConfusionPlot;
import simsiam.pipelines.report.plot.Palette;
import simsiam.pipelines.result.CountMatrix;

class PicturesTest {
  private static final Color FULL = new Color(8, 64, 129);

  @Test
  void aPerfectClassifierFillsTheDiagonal() {
    List<Verdict> right = new ArrayList<>();
    List<Verdict> wrong = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      right.add(new Verdict(c, c, true));
      wrong.add(new Verdict(c, 0, true));
    }
    BufferedImage diagonal = confusion(right);
    BufferedImage column = confusion(wrong);
    // A grid of 520 layout pixels: four cells of 130, drawn at double size, less their numbers.
    assertThat(Pngs.count(diagonal, FULL)).isBetween(250_000, 280_000);
    assertThat(Pngs.count(column, FULL)).isBetween(250_000, 280_000);
    assertThat(columnsWith(diagonal)).isGreaterThan(1000);
    assertThat(columnsWith(column)).isLessThan(320);
  }

  @Test
  void neighboursOfTheSameClassAreFramedInGreen() {
    RgbImage grey = new RgbImage(2, 2, new byte[12]);
    List<NeighbourSample.Neighbour> neighbours =
        List.of(
            new NeighbourSample.Neighbour(grey, 1, 0.9),
            new NeighbourSample.Neighbour(grey, 0, 0.8),
            new NeighbourSample.Neighbour(grey, 1, 0.7));
    BufferedImage sheet =
        Pngs.decode(
            ImageSheet.neighbours(
                    "Nearest neighbours, epoch 3",
                    List.of(new NeighbourSample(grey, 1, neighbours)),
                    List.of("cat", "dog"))
                .png());
    int green = Pngs.count(sheet, Palette.GREEN);
    int red = Pngs.count(sheet, Palette.VERMILION);
    assertThat(red).isGreaterThan(1000);
    assertThat((double) green / red).isCloseTo(2, within(0.05));
  }

  @Test
  void imagesKeepTheirColours() {
    byte[] red = new byte[4 * 8 * 3];
    for (int i = 0; i < red.length; i += 3) {
      red[i] = (byte) 200;
    }
    RgbImage wide = new RgbImage(4, 8, red);
    BufferedImage sheet =
        Pngs.decode(ImageSheet.views(List.of(new ViewSample(wide, List.of(wide)))).png());
    // 112 by 56 layout pixels each, doubled; the original's frame covers some of its border.
    assertThat(Pngs.count(sheet, new Color(200, 0, 0))).isBetween(45_000, 2 * 224 * 112);
  }

  private static BufferedImage confusion(List<Verdict> verdicts) {
    List<List<Integer>> counts = new ArrayList<>();
    for (int truth = 0; truth < 4; truth++) {
      int row = truth;
      counts.add(
          IntStream.range(0, 4)
              .mapToObj(
                  guess ->
                      (int)
                          verdicts.stream()
                              .filter(v -> v.truth() == row && v.predicted() == guess)
                              .count())
              .toList());
    }
    CountMatrix matrix =
        new CountMatrix("confusion", "Confusion", List.of("a", "b", "c", "d"), counts);
    return Pngs.decode(ConfusionPlot.draw(matrix).png());
  }

  /** Columns of pixels that hold the full shade, the scale's at the right among them. */
  private static int columnsWith(BufferedImage image) {
    int columns = 0;
    for (int x = 0; x < image.getWidth(); x++) {
      int found = 0;
      for (int y = 0; y < image.getHeight(); y++) {
        found += (image.getRGB(x, y) & 0xFFFFFF) == (FULL.getRGB() & 0xFFFFFF) ? 1 : 0;
      }
      columns += found > 10 ? 1 : 0;
    }
    return columns;
  }
}
