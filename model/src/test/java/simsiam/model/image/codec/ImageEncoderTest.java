package simsiam.model.image.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

class ImageEncoderTest {
  private final RgbImage scene = Fixtures.image("image/sound/rgb.png");

  @Test
  void pngKeepsEveryPixel() throws ImageRejectedException {
    RgbImage again = new ImageDecoder().decode(ImageEncoder.png(scene), "png");
    assertThat(again.height()).isEqualTo(scene.height());
    assertThat(again.pixels()).isEqualTo(scene.pixels());
  }

  @Test
  void jpegLosesWhatPillowsOfTheSameQualityLoses() throws ImageRejectedException {
    RgbImage again = new ImageDecoder().decode(ImageEncoder.jpeg(scene), "jpeg");
    RgbImage pillows = Fixtures.image("image/expected/rgb-as-jpeg95.png");
    assertThat(again.pixels()).isEqualTo(pillows.pixels());
  }

  @Test
  void theSameImageGivesTheSameBytes() {
    assertThat(ImageEncoder.jpeg(scene)).isEqualTo(ImageEncoder.jpeg(scene));
    assertThat(ImageEncoder.png(scene)).isEqualTo(ImageEncoder.png(scene));
  }
}
