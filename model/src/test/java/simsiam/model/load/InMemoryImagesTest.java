package simsiam.model.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.bench.SyntheticImages;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.image.codec.ImageRejectedException;

class InMemoryImagesTest {
  private final RgbImage picture = new SyntheticImages(1, 10).image(0);
  private final ImageExample raw = new ImageExample("a", 3, 10, 10, picture.pixels());
  private final ImageExample png = new ImageExample("b", -1, 10, 10, ImageEncoder.png(picture));

  @Test
  void rawPixelsAreUsedAsTheyAre() {
    ImageSet images = new InMemoryImages(List.of(raw), ImageEncoding.RAW, 0);
    assertThat(images.image(0).pixels()).isSameAs(picture.pixels());
    assertThat(images.size()).isEqualTo(1);
    assertThat(images.id(0)).isEqualTo("a");
    assertThat(images.label(0)).isEqualTo(3);
  }

  @Test
  void encodedImagesAreKeptDecodedWhereTheyFit() {
    ImageSet fitting = new InMemoryImages(List.of(png), ImageEncoding.PNG, 300);
    assertThat(fitting.image(0).pixels()).isEqualTo(picture.pixels());
    assertThat(fitting.image(0)).isSameAs(fitting.image(0));

    ImageSet tooLarge = new InMemoryImages(List.of(png), ImageEncoding.PNG, 299);
    assertThat(tooLarge.image(0).pixels()).isEqualTo(picture.pixels());
    assertThat(tooLarge.image(0)).isNotSameAs(tooLarge.image(0));
  }

  @Test
  void unreadableBytesFailWithTheImagesName() {
    ImageExample broken = new ImageExample("c", 0, 10, 10, new byte[] {1, 2, 3, 4, 5});
    ImageSet images = new InMemoryImages(List.of(broken), ImageEncoding.ORIGINAL, 0);
    assertThatThrownBy(() -> images.image(0))
        .isInstanceOf(UncheckedIOException.class)
        .hasCauseInstanceOf(ImageRejectedException.class)
        .hasMessageContaining("(c)");
  }

  @Test
  void anotherSizeThanTheShardSaysFails() {
    ImageExample wrong = new ImageExample("d", 0, 10, 11, ImageEncoder.png(picture));
    ImageSet images = new InMemoryImages(List.of(wrong), ImageEncoding.PNG, 0);
    assertThatThrownBy(() -> images.image(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot load image: expected 11x10 pixels, got 10x10 (d)");
  }
}
