package simsiam.model.image.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import simsiam.model.image.Fixtures;
import simsiam.model.image.RgbImage;

/** Small files whose headers ask for much memory, made from sound ones. */
class DecompressionBombTest {
  private static final String SOUND = "image/sound/";
  private static final int SIDE = 16_000;

  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of("jpeg", jpeg(Fixtures.bytes(SOUND + "ycc420.jpg"))),
        Arguments.of("progressive jpeg", jpeg(Fixtures.bytes(SOUND + "progressive.jpg"))),
        Arguments.of("cmyk jpeg", jpeg(Fixtures.bytes(SOUND + "cmyk.jpg"))),
        Arguments.of("png", png(Fixtures.bytes(SOUND + "rgb.png"))),
        Arguments.of("interlaced png", png(Fixtures.bytes(SOUND + "interlaced.png"))),
        Arguments.of("gif screen", gifScreen(Fixtures.bytes(SOUND + "still.gif"))),
        Arguments.of("bmp", bmp(Fixtures.bytes(SOUND + "rgb.bmp"))),
        Arguments.of("lossless webp", losslessWebp(Fixtures.bytes(SOUND + "lossless.webp"))),
        Arguments.of("lossy webp", padded(lossyWebp(Fixtures.bytes(SOUND + "lossy.webp")))),
        Arguments.of("animated webp", canvas(Fixtures.bytes(SOUND + "animated-lossy.webp"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bombs")
  void isRefusedBeforeMemoryIsTaken(String name, byte[] file) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> new ImageDecoder().decode(file, name))
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectReason.TOO_LARGE))
        .hasMessage(
            "Cannot decode image: expected at most 100000000 pixels, got %sx%s (%s)"
                .formatted(SIDE, SIDE, name));
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(20_000_000);
  }

  @Test
  void aLossyWebpOfTooFewBytesForItsPixelsIsTruncated() {
    byte[] file = lossyWebp(Fixtures.bytes(SOUND + "lossy.webp"));

    assertThatThrownBy(() -> new ImageDecoder().decode(file, "short"))
        .isInstanceOfSatisfying(
            ImageRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(RejectReason.TRUNCATED))
        .hasMessage(
            "Cannot decode image: expected at least 125000 bytes of WebP for 16000x16000 pixels,"
                + " got 296 (short)");
  }

  /** The limit is the same in every format. */
  @Test
  void aPixelMoreThanTheLimitIsTooLarge() throws ImageRejectedException {
    for (String name : Fixtures.names("image/sound")) {
      byte[] bytes = Fixtures.bytes(SOUND + name);
      RgbImage image = new ImageDecoder().decode(bytes, name);
      long pixels = (long) image.height() * image.width();
      assertThat(new ImageDecoder(pixels).decode(bytes, name).pixels()).isEqualTo(image.pixels());
      assertThatThrownBy(() -> new ImageDecoder(pixels - 1).decode(bytes, name))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(RejectReason.TOO_LARGE));
    }
  }

  private static byte[] jpeg(byte[] file) {
    for (int i = 2; i < file.length; i += 2 + segment(file, i)) {
      int marker = file[i + 1] & 0xFF;
      if (marker == 0xC0 || marker == 0xC2) {
        ByteBuffer.wrap(file).putShort(i + 5, (short) SIDE).putShort(i + 7, (short) SIDE);
        return file;
      }
    }
    throw new IllegalArgumentException("no frame");
  }

  private static int segment(byte[] file, int at) {
    return ByteBuffer.wrap(file).getShort(at + 2) & 0xFFFF;
  }

  private static byte[] png(byte[] file) {
    ByteBuffer.wrap(file).putInt(16, SIDE).putInt(20, SIDE);
    CRC32 crc = new CRC32();
    crc.update(file, 12, 17);
    ByteBuffer.wrap(file).putInt(29, (int) crc.getValue());
    return file;
  }

  private static byte[] gifScreen(byte[] file) {
    little(file).putShort(6, (short) SIDE).putShort(8, (short) SIDE);
    return file;
  }

  private static byte[] bmp(byte[] file) {
    little(file).putInt(18, SIDE).putInt(22, SIDE);
    return file;
  }

  private static byte[] lossyWebp(byte[] file) {
    int frame = find(file, "VP8 ") + 8;
    little(file).putShort(frame + 6, (short) SIDE).putShort(frame + 8, (short) SIDE);
    return file;
  }

  /** With as many bytes as its pixels need at least. */
  private static byte[] padded(byte[] file) {
    byte[] longer = Arrays.copyOf(file, file.length + 200_000);
    little(longer).putInt(4, longer.length - 8).putInt(16, longer.length - 20);
    return longer;
  }

  private static byte[] canvas(byte[] file) {
    int sides = find(file, "VP8X") + 8 + 4;
    little(file).putShort(sides, (short) (SIDE - 1)).putShort(sides + 3, (short) (SIDE - 1));
    return file;
  }

  /** Two fields of 14 bits, each a size less 1. */
  private static byte[] losslessWebp(byte[] file) {
    int header = find(file, "VP8L") + 9;
    int rest = little(file).getInt(header) & 0xF0000000;
    little(file).putInt(header, rest | (SIDE - 1) << 14 | (SIDE - 1));
    return file;
  }

  private static int find(byte[] file, String tag) {
    int at = new String(file, StandardCharsets.ISO_8859_1).indexOf(tag);
    assertThat(at).isPositive();
    return at;
  }

  private static ByteBuffer little(byte[] file) {
    return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }
}
