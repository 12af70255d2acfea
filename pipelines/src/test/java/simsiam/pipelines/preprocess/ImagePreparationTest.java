package simsiam.pipelines.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageEncoding;
import simsiam.model.data.ImageExample;
import simsiam.model.data.prepared.PreparedExample;
import simsiam.model.file.Sha256;
import simsiam.model.image.RgbImage;
import simsiam.model.image.codec.ImageDecoder;
import simsiam.model.image.codec.ImageEncoder;
import simsiam.model.image.resize.Resampler;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.preprocess.ImagePreparation.Outcome;
import simsiam.pipelines.source.Fixtures;
import simsiam.pipelines.source.listing.SourceImage;

class ImagePreparationTest {
  @Test
  void keepsPixelsAsTheyAre() {
    RgbImage image = Fixtures.image(5, 4, 1);

    PreparedExample prepared = prepare(raw(0, 0), image);

    ImageExample example = prepared.example();
    assertThat(example.id()).isEqualTo("a");
    assertThat(example.label()).isEqualTo(3);
    assertThat(example.height()).isEqualTo(5);
    assertThat(example.width()).isEqualTo(4);
    assertThat(example.image()).isEqualTo(image.pixels());
    assertThat(prepared.sums()).isEqualTo(ChannelSums.of(image.pixels()));
    byte[] hashed = ByteBuffer.allocate(68).putInt(5).putInt(4).put(image.pixels()).array();
    assertThat(prepared.digest()).isEqualTo(Sha256.digest().digest(hashed));
  }

  @Test
  void imagesOfEqualPixelsButOtherShapeDiffer() {
    RgbImage tall = Fixtures.image(6, 2, 1);
    RgbImage wide = new RgbImage(2, 6, tall.pixels());

    assertThat(prepare(raw(0, 0), tall).digest()).isNotEqualTo(prepare(raw(0, 0), wide).digest());
  }

  @Test
  void padsEachShortSideWithBlackAround() {
    RgbImage image = Fixtures.image(3, 9, 2);

    ImageExample example = prepare(raw(0, 8), image).example();

    assertThat(example.height()).isEqualTo(8);
    assertThat(example.width()).isEqualTo(9);
    for (int y = 0; y < 8; y++) {
      for (int i = 0; i < 27; i++) {
        int expected = y >= 2 && y < 5 ? image.pixels()[27 * (y - 2) + i] : 0;
        assertThat(example.image()[27 * y + i]).isEqualTo((byte) expected);
      }
    }
  }

  @Test
  void bringsTheShorterSideOfALargerImageToSize() {
    RgbImage image = Fixtures.image(21, 40, 3);

    ImageExample example = prepare(raw(10, 0), image).example();

    // torchvision: the longer side is 10 * 40 / 21 = 19.05, cut to 19
    assertThat(example.height()).isEqualTo(10);
    assertThat(example.width()).isEqualTo(19);
    assertThat(example.image()).isEqualTo(new Resampler().resize(image, 10, 19).pixels());
  }

  @Test
  void leavesASmallerImageUnresized() {
    ImageExample example = prepare(raw(10, 0), Fixtures.image(9, 40, 3)).example();

    assertThat(example.width()).isEqualTo(40);
  }

  @Test
  void storesPngThatDecodesToTheSamePixels() throws IOException {
    RgbImage image = Fixtures.image(7, 6, 4);
    PreprocessSpec spec = new PreprocessSpec(0, 0, ImageEncoding.PNG, 0);

    ImageExample example = prepare(spec, image).example();

    assertThat(new ImageDecoder().decode(example.image(), "a").pixels()).isEqualTo(image.pixels());
  }

  @Test
  void storesJpeg() {
    RgbImage image = Fixtures.image(16, 16, 4);

    assertThat(prepare(new PreprocessSpec(0, 0, ImageEncoding.JPEG, 0), image).example().image())
        .isEqualTo(ImageEncoder.jpeg(image));
  }

  @Test
  void keepsTheBytesOfAFileWhereAsked() {
    byte[] file = Fixtures.png(6, 5, 9);
    ImagePreparation preparation = preparation(new PreprocessSpec(0, 0, ImageEncoding.ORIGINAL, 0));

    Outcome outcome = preparation.prepare(new SourceImage.Encoded("cat/a.png", 0, file), "/data");

    PreparedExample prepared = ((Outcome.Prepared) outcome).example();
    assertThat(prepared.example().image()).isEqualTo(file);
    assertThat(prepared.example().height()).isEqualTo(6);
    assertThat(prepared.sums()).isEqualTo(ChannelSums.of(Fixtures.image(6, 5, 9).pixels()));
  }

  @Test
  void rejectsWhatCannotBeDecoded() {
    byte[] file = {1, 2, 3, 4, 5};

    Outcome outcome =
        preparation(raw(0, 0)).prepare(new SourceImage.Encoded("cat/a.jpg", 0, file), "/data");

    Reject reject = ((Outcome.Rejected) outcome).reject();
    assertThat(reject.id()).isEqualTo("cat/a.jpg");
    assertThat(reject.source()).isEqualTo("/data");
    assertThat(reject.reason()).isEqualTo("unsupported_format");
    assertThat(reject.message()).startsWith("Cannot decode image: ").endsWith("(cat/a.jpg)");
    assertThat(reject.bytes()).isEqualTo(5);
    assertThat(reject.sha256()).isEqualTo(Sha256.hex(Sha256.digest().digest(file)));
  }

  @Test
  void rejectsWhatIsAThousandTimesAsLongAsWide() {
    assertThat(prepare(raw(0, 0), Fixtures.image(1, 1_000, 1)).example().width()).isEqualTo(1_000);
    assertThat(prepare(raw(0, 0), Fixtures.image(2_000, 2, 1)).example().height()).isEqualTo(2_000);
    for (RgbImage strip : List.of(Fixtures.image(1, 1_001, 1), Fixtures.image(20_000, 1, 1))) {
      Reject reject = rejected(raw(0, 0), strip);
      assertThat(reject.reason()).isEqualTo("too_narrow");
      assertThat(reject.message())
          .isEqualTo(
              "Cannot use image: expected a longer side of at most 1000 times the shorter, got"
                  + " %sx%s (a)".formatted(strip.width(), strip.height()));
    }
  }

  @Test
  void rejectsWhatPaddingMakesTooLarge() {
    Reject reject = rejected(raw(0, 10_000), Fixtures.image(11, 10_001, 1));

    assertThat(reject.reason()).isEqualTo("too_large");
    assertThat(reject.message())
        .isEqualTo(
            "Cannot use image: expected at most 100000000 pixels after preprocess.pad_to, got"
                + " 10001x10000 (a)");
  }

  @Test
  void rejectsWhatJpegCannotHold() {
    PreprocessSpec jpeg = new PreprocessSpec(0, 0, ImageEncoding.JPEG, 0);
    assertThat(prepare(jpeg, Fixtures.image(66, 65_500, 1)).example().width()).isEqualTo(65_500);

    Reject reject = rejected(jpeg, Fixtures.image(66, 65_501, 1));

    assertThat(reject.reason()).isEqualTo("too_large");
    assertThat(reject.message())
        .isEqualTo(
            "Cannot use image: expected sides of at most 65500 for preprocess.encoding jpeg, got"
                + " 65501x66 (a)");
  }

  private static Reject rejected(PreprocessSpec spec, RgbImage image) {
    Outcome outcome = preparation(spec).prepare(new SourceImage.Pixels("a", 3, image), "origin");
    return ((Outcome.Rejected) outcome).reject();
  }

  @Test
  void rejectsWhatCouldNotBeRead() {
    Outcome outcome =
        preparation(raw(0, 0))
            .prepare(new SourceImage.Unreadable("x#1", 10, "bad_label", "why"), "x");

    assertThat(((Outcome.Rejected) outcome).reject())
        .isEqualTo(new Reject("x#1", "x", "bad_label", "why", 0, ""));
  }

  @Test
  void aDecoderThatOverflowsItsStackCostsTheImage() {
    Reject reject = rejected((bytes, name) -> overflow(1));

    assertThat(reject.reason()).isEqualTo("corrupt");
    assertThat(reject.message())
        .isEqualTo(
            "Cannot decode image: expected readable data, got a decoder that fails with"
                + " stack overflow (cat/a.jpg)");
  }

  /** What fits depends on the machine, so it must not decide what is in a data set. */
  @Test
  void lackOfMemoryIsNotTheImagesFault() {
    assertThatThrownBy(
            () ->
                rejected(
                    (bytes, name) -> {
                      throw new OutOfMemoryError("made up");
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  private static RgbImage overflow(int depth) {
    return depth > 0 ? overflow(depth + 1) : null; // until the number itself overflows
  }

  private static Reject rejected(ImagePreparation.Decoding decoding) {
    Outcome outcome =
        new ImagePreparation(raw(0, 0), WatchedSteps.unwatched(), decoding)
            .prepare(new SourceImage.Encoded("cat/a.jpg", 0, new byte[5]), "/data");
    return ((Outcome.Rejected) outcome).reject();
  }

  private static PreprocessSpec raw(int resizeShorterSide, int padTo) {
    return new PreprocessSpec(resizeShorterSide, padTo, ImageEncoding.RAW, 0);
  }

  private static ImagePreparation preparation(PreprocessSpec spec) {
    return new ImagePreparation(spec, WatchedSteps.unwatched());
  }

  private static PreparedExample prepare(PreprocessSpec spec, RgbImage image) {
    Outcome outcome = preparation(spec).prepare(new SourceImage.Pixels("a", 3, image), "origin");
    return ((Outcome.Prepared) outcome).example();
  }
}
