package simsiam.pipelines.stages.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.eval.features.FeatureSet;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.BlurSpec;
import simsiam.model.augment.EvalTransform;
import simsiam.model.augment.JitterSpec;
import simsiam.model.augment.Normalization;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.LabelSpace;
import simsiam.model.image.RgbImage;
import simsiam.model.load.ImageSet;
import simsiam.model.load.InMemoryImages;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.stages.evaluate.PixelSums;

class EncodingTest {
  private static final int SIZE = 8;
  private static final List<Double> MEAN = List.of(0.4, 0.5, 0.6);
  private static final List<Double> STD = List.of(0.2, 0.3, 0.4);
  private static final AugmentSpec AUGMENT =
      new AugmentSpec(
          SIZE,
          List.of(0.2, 1.0),
          List.of(0.75, 1.25),
          0.5,
          new JitterSpec(0, 0, 0, 0, 0),
          0,
          new BlurSpec(0, List.of(0.1, 2.0)),
          MEAN,
          STD);

  /** Images of many sizes, so that each thread needs resampling kernels of its own. */
  private static ImageSet images(int count) {
    List<ImageExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RgbImage image = Fixtures.image(20 + i % 7, 25 + i % 5, i);
      examples.add(
          new ImageExample("image " + i, 0, image.height(), image.width(), image.pixels()));
    }
    return new InMemoryImages(examples, ImageEncoding.RAW, Long.MAX_VALUE);
  }

  @Test
  void everyImageIsEncodedAsByItselfHoweverManyThreadsThereAre() {
    ImageSet images = images(600);

    FeatureSet features =
        new Encoding(AUGMENT, LabelSpace.of(List.of("a")))
            .features(new PixelSums(), images, done -> {});

    float[] expected = new float[features.dim()];
    float[] pixels = new float[3 * SIZE * SIZE];
    for (int i = 0; i < images.size(); i++) {
      RgbImage view = new EvalTransform(SIZE).apply(images.image(i));
      new Normalization(MEAN, STD).write(view, pixels, 0);
      new PixelSums().encode(pixels, 1, SIZE, expected);
      float[] actual = features.features().copy(i, 1);
      assertThat(actual).as(images.id(i)).isEqualTo(expected);
    }
  }
}
