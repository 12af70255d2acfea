package simsiam.model.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

/** Files of every odd kind and what Pillow decodes them to; see image/generate.py. */
class ImageDecoderTest {
  private final ImageDecoder decoder = new ImageDecoder();

  static List<String> sound() {
    return Fixtures.names("image/sound");
  }

  @ParameterizedTest
  @MethodSource("sound")
  void decodesExactlyAsPillow(String name) throws ImageRejectedException {
    RgbImage image = decoder.decode(Fixtures.bytes("image/sound/" + name), name);
    RgbImage expected = Fixtures.image("image/expected/" + name + ".png");
    assertThat(image.height()).isEqualTo(expected.height());
    assertThat(image.width()).isEqualTo(expected.width());
    assertThat(image.pixels()).isEqualTo(expected.pixels());
  }

  @Test
  void orientationTurnsTheStoredPictureUpright() {
    for (int orientation = 1; orientation <= 8; orientation++) {
      RgbImage image = Fixtures.image("image/sound/exif-" + orientation + ".jpg");
      assertThat(image.height() > image.width()).isEqualTo(orientation >= 5);
    }
  }

  @Test
  void brokenFilesAreRejectedWithTheirReason() {
    Map<String, RejectReason> reasons = new TreeMap<>();
    for (String name : Fixtures.names("image/broken")) {
      reasons.put(name, reject("image/broken/" + name).reason());
    }
    assertThat(reasons)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("arithmetic.jpg", RejectReason.UNSUPPORTED_FORMAT),
                Map.entry("bit-flip.png", RejectReason.CORRUPT),
                Map.entry("bomb.png", RejectReason.TOO_LARGE),
                Map.entry("empty.jpg", RejectReason.EMPTY),
                Map.entry("header-only.jpg", RejectReason.TRUNCATED),
                Map.entry("premature-end.jpg", RejectReason.CORRUPT),
                Map.entry("rows-missing.png", RejectReason.CORRUPT),
                Map.entry("text-mode.jpg", RejectReason.CORRUPT),
                Map.entry("text.jpg", RejectReason.UNSUPPORTED_FORMAT),
                Map.entry("truncated-progressive.jpg", RejectReason.TRUNCATED),
                Map.entry("truncated.bmp", RejectReason.TRUNCATED),
                Map.entry("truncated.gif", RejectReason.TRUNCATED),
                Map.entry("truncated.jpg", RejectReason.TRUNCATED),
                Map.entry("truncated.png", RejectReason.TRUNCATED),
                Map.entry("truncated.webp", RejectReason.TRUNCATED),
                Map.entry("without-end.jpg", RejectReason.TRUNCATED)));
  }

  private ImageRejectedException reject(String name) {
    return reject(name, Fixtures.bytes(name));
  }

  private ImageRejectedException reject(String name, byte[] bytes) {
    ImageRejectedException rejection =
        catchThrowableOfType(
            ImageRejectedException.class, () -> decoder.decode(bytes, "folder/" + name));
    assertThat(rejection).as(name).isNotNull();
    assertThat(rejection)
        .hasMessageStartingWith("Cannot decode image: expected ")
        .hasMessageContaining(", got ")
        .hasMessageEndingWith("(folder/" + name + ")");
    return rejection;
  }

  /** The decoder would make up the pixels that the frame lacks. */
  @Test
  void aWebpFrameSmallerThanItsCanvasIsCorrupt() {
    byte[] bytes = Fixtures.bytes("image/sound/exif-8.webp");
    int height = 12 + 8 + 7; // the third of the canvas's sizes in chunk VP8X
    bytes[height + 2] = 8;

    ImageRejectedException rejection = reject("tall.webp", bytes);

    assertThat(rejection.reason()).isEqualTo(RejectReason.CORRUPT);
    assertThat(rejection)
        .hasMessageContaining("expected a WebP frame of 30x524310, as the file says, got 30x22");
  }

  /** The decoder would give the empty canvas. */
  @Test
  void aWebpWithoutAFrameIsCorrupt() {
    byte[] bytes = Fixtures.bytes("image/sound/exif-8.webp");
    bytes[12 + 8 + 10] = 'X'; // the name of the second chunk, VP8L

    ImageRejectedException rejection = reject("frameless.webp", bytes);

    assertThat(rejection.reason()).isEqualTo(RejectReason.CORRUPT);
    assertThat(rejection).hasMessageContaining("expected a chunk VP8 or VP8L of WebP, got none");
  }

  /** What libwebp finds wrong only when it decodes, its headers being sound. */
  @Test
  void aLossyWebpWhosePartitionsAreMissingIsCorrupt() {
    byte[] bytes = Fixtures.bytes("image/sound/lossy-75.webp");
    int firstPartition = 12 + 8; // its length takes 19 bits of the frame's first 3 bytes
    bytes[firstPartition + 2] = (byte) 0xFF;

    ImageRejectedException rejection = reject("partitions.webp", bytes);

    assertThat(rejection.reason()).isEqualTo(RejectReason.CORRUPT);
    assertThat(rejection).hasMessageContaining("expected data of WebP, got what libwebp refuses");
  }

  @Test
  void aFrameOfAnAnimationOutsideItsCanvasIsCorrupt() {
    byte[] bytes = Fixtures.bytes("image/sound/animated-lossy.webp");
    int frame = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("ANMF") + 8;
    bytes[frame] = 100;

    ImageRejectedException rejection = reject("outside.webp", bytes);

    assertThat(rejection.reason()).isEqualTo(RejectReason.CORRUPT);
    assertThat(rejection)
        .hasMessageContaining("expected a WebP frame inside the canvas of 30x22, got 14x14 at 200");
  }

  @Test
  void aWebpFrameLongerThanItsFileIsTruncated() {
    byte[] bytes = Fixtures.bytes("image/sound/lossy.webp");
    int length = 12 + 4;
    bytes[length + 3] = 0x16;

    ImageRejectedException rejection = reject("long.webp", bytes);

    assertThat(rejection.reason()).isEqualTo(RejectReason.TRUNCATED);
    assertThat(rejection).hasMessageContaining("bytes of WebP chunk VP8, got ");
  }

  @Test
  void messagesSayWhatWasExpected() {
    assertThat(reject("image/broken/empty.jpg"))
        .hasMessage(
            "Cannot decode image: expected image data, got 0 bytes"
                + " (folder/image/broken/empty.jpg)");
    assertThat(reject("image/broken/bomb.png"))
        .hasMessageContaining("expected at most 100000000 pixels, got 60000x60000");
    assertThat(reject("image/broken/text.jpg"))
        .hasMessageContaining("expected JPEG, PNG, GIF, WebP or BMP");
  }

  @Test
  void cutAnywhereEveryFormatIsRejectedOrWhole() throws ImageRejectedException {
    for (String name :
        List.of(
            "ycc420.jpg", "rgb.png", "still.gif", "lossless.webp", "lossy-75.webp", "rgb.bmp")) {
      byte[] whole = Fixtures.bytes("image/sound/" + name);
      byte[] pixels = decoder.decode(whole, name).pixels();
      for (int length = 0; length < whole.length; length += 37) {
        byte[] cut = Arrays.copyOf(whole, length);
        try {
          assertThat(decoder.decode(cut, name).pixels()).as(name + length).isEqualTo(pixels);
        } catch (ImageRejectedException e) {
          assertThat(e.reason())
              .as(e.getMessage())
              .isIn(
                  RejectReason.EMPTY,
                  RejectReason.TRUNCATED,
                  length < 12 ? RejectReason.UNSUPPORTED_FORMAT : RejectReason.TRUNCATED);
        }
      }
    }
  }

  @Test
  void damageAnywhereNeverEscapesAsAnotherException() {
    for (String name : sound()) {
      byte[] bytes = Fixtures.bytes("image/sound/" + name);
      for (int at = 0; at < Math.min(bytes.length, 400); at += 3) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) 0xA5;
        try {
          assertThat(new ImageDecoder(1 << 20).decode(damaged, name).pixels()).isNotEmpty();
        } catch (ImageRejectedException e) {
          assertThat(e.reason()).isNotNull();
        }
      }
    }
  }

  /** Runners load this code by loaders of their own, which ImageIO does not search. */
  @Test
  void whatIsReadDoesNotDependOnTheThreadsClassLoader() throws ImageRejectedException {
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      ImageIO.scanForPlugins();
      for (String name : List.of("lossless.webp", "cmyk.jpg", "rgb.png")) {
        byte[] bytes = Fixtures.bytes("image/sound/" + name);
        assertThat(decoder.decode(bytes, name).width()).isEqualTo(30);
      }
    } finally {
      thread.setContextClassLoader(loader);
    }
  }

  @Test
  void theLimitHoldsForEveryFormat() {
    ImageDecoder small = new ImageDecoder(22 * 30 - 1);
    for (String name : List.of("ycc420.jpg", "rgb.png", "still.gif", "lossy.webp", "rgb.bmp")) {
      ImageRejectedException rejection =
          catchThrowableOfType(
              ImageRejectedException.class,
              () -> small.decode(Fixtures.bytes("image/sound/" + name), name));
      assertThat(rejection.reason()).as(name).isEqualTo(RejectReason.TOO_LARGE);
      assertThat(rejection).hasMessageContaining("got 30x22");
    }
  }
}
