package simsiam.eval.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.augment.Normalization;
import simsiam.model.data.LabelSpace;
import simsiam.model.engine.Tap;
import simsiam.model.image.RgbImage;
import simsiam.model.load.EpochImages;
import simsiam.model.load.ImageSet;

class FeatureExtractorTest {
  private static final Normalization BYTES =
      new Normalization(List.of(0.0, 0.0, 0.0), List.of(1 / 255.0, 1 / 255.0, 1 / 255.0));

  @Test
  void encodesEveryImageInOrderWithAPartialLastBatch() {
    List<Integer> batches = new ArrayList<>();
    List<Integer> progress = new ArrayList<>();
    FirstPixels net = new FirstPixels(batches);
    ImageSet images = new Numbered(11, 2);

    FeatureSet set =
        new FeatureExtractor(net, BYTES, 2, 4, 2)
            .extract(images, LabelSpace.of(List.of("even", "odd")), progress::add);

    assertThat(batches).containsExactly(4, 4, 3);
    assertThat(progress).containsExactly(4, 8, 11);
    assertThat(set.size()).isEqualTo(11);
    assertThat(set.dim()).isEqualTo(net.featureDim());
    for (int i = 0; i < 11; i++) {
      assertThat(set.features().copy(i, 1)[0]).isEqualTo(i);
      assertThat(set.labels()[i]).isEqualTo(i % 2);
      assertThat(set.ids().get(i)).isEqualTo("image" + i);
    }
  }

  @Test
  void keepsTheMapsOfEveryTapInOrder() {
    List<Integer> batches = new ArrayList<>();
    List<Tap> taps = List.of(new Tap("stem", 2), new Tap("layer4", 1));
    List<FeatureSet> sets =
        new FeatureExtractor(new FirstPixels(batches), BYTES, 2, 4, 2)
            .maps(new Numbered(11, 2), LabelSpace.of(List.of("even", "odd")), taps, done -> {});

    assertThat(batches).as("one pass for both").containsExactly(4, 4, 3);
    assertThat(sets).extracting(FeatureSet::dim).containsExactly(4 * 2 * 2, 32);
    for (int i = 0; i < 11; i++) {
      assertThat(sets.get(0).features().copy(i, 1)).contains(1000f * i, 1000f * i + 15);
      assertThat(sets.get(1).features().copy(i, 1)).contains(1000f * i + 100, 1000f * i + 131);
      assertThat(sets.get(1).labels()[i]).isEqualTo(i % 2);
      assertThat(sets.get(0).ids().get(i)).isEqualTo("image" + i);
    }
  }

  /** What is not in memory would be read again, if the set were asked for labels and names. */
  @Test
  void asksTheSetForNothingButItsImagesInOrder() {
    ImageSet images = new Numbered(9, 2);
    ImageSet streamed =
        new ImageSet() {
          @Override
          public int size() {
            return images.size();
          }

          @Override
          public String id(int index) {
            throw new AssertionError("asked for the id of " + index);
          }

          @Override
          public int label(int index) {
            throw new AssertionError("asked for the label of " + index);
          }

          @Override
          public RgbImage image(int index) {
            throw new AssertionError("asked for image " + index);
          }

          @Override
          public EpochImages inOrder() {
            return images.inOrder();
          }
        };
    FeatureSet set =
        new FeatureExtractor(new FirstPixels(new ArrayList<>()), BYTES, 2, 4, 3)
            .extract(streamed, LabelSpace.of(List.of("even", "odd")), done -> {});
    assertThat(set.ids()).hasSize(9).last().isEqualTo("image8");
    assertThat(set.labels()).containsExactly(0, 1, 0, 1, 0, 1, 0, 1, 0);
  }

  @Test
  void anImageThatCannotBeHadIsNamed() {
    ImageSet broken =
        new ImageSet() {
          @Override
          public int size() {
            return 5;
          }

          @Override
          public String id(int index) {
            return "image" + index;
          }

          @Override
          public int label(int index) {
            return 0;
          }

          @Override
          public RgbImage image(int index) {
            if (index == 3) {
              throw new IllegalStateException("gone");
            }
            return new RgbImage(2, 2, new byte[12]);
          }
        };
    FeatureExtractor extractor =
        new FeatureExtractor(new FirstPixels(new ArrayList<>()), BYTES, 2, 2, 2);
    assertThatThrownBy(() -> extractor.extract(broken, LabelSpace.of(List.of("a")), done -> {}))
        .hasMessage("Cannot load image: expected pixels, got gone (image3)");
  }

  /** Image i is a square of value i. */
  private record Numbered(int size, int side) implements ImageSet {
    @Override
    public String id(int index) {
      return "image" + index;
    }

    @Override
    public int label(int index) {
      return index % 2;
    }

    @Override
    public RgbImage image(int index) {
      byte[] pixels = new byte[side * side * 3];
      java.util.Arrays.fill(pixels, (byte) index);
      return new RgbImage(side, side, pixels);
    }
  }
}
