package simsiam.pipelines.preprocess;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;

/** Damages files: flipped bits, cuts, splices of other files, edited lengths and numbers. */
final class Mutator {
  private static final long[] LENGTHS = {
    0, 1, -1, 2, 255, 256, 65_535, 65_536, 0x7FFFFFFFL, 0x80000000L, 0xFFFFFFFFL, 1L << 40, 1L << 62
  };
  private static final int PNG_SIGNATURE = 8;
  private static final int TAR_HEADER = 512;

  private final Random random;
  private final List<byte[]> others;

  /**
   * @param others files to splice from
   */
  Mutator(Random random, List<byte[]> others) {
    this.random = random;
    this.others = others;
  }

  /** A damaged copy; checksums are mended half of the time, so that damage goes deeper. */
  byte[] mutate(byte[] file) {
    byte[] bytes = file.clone();
    int times = 1 + random.nextInt(3);
    for (int i = 0; i < times; i++) {
      bytes = once(bytes);
    }
    if (random.nextBoolean()) {
      mendPng(bytes);
      mendTar(bytes);
    }
    return bytes;
  }

  private byte[] once(byte[] bytes) {
    if (bytes.length < 2) {
      return splice(bytes);
    }
    return switch (random.nextInt(7)) {
      case 0, 1 -> flip(bytes);
      case 2 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 3 -> without(bytes);
      case 4 -> splice(bytes);
      case 5 -> length(bytes);
      default -> digit(bytes);
    };
  }

  /** Heads and tails hold what describes a file: half of all damage goes there. */
  private int position(int size) {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(Math.min(64, size));
      case 1 -> size - 1 - random.nextInt(Math.min(600, size));
      default -> random.nextInt(size);
    };
  }

  private byte[] flip(byte[] bytes) {
    int count = 1 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      bytes[position(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private byte[] without(byte[] bytes) {
    int from = position(bytes.length);
    int to = Math.min(bytes.length, from + 1 + random.nextInt(64));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  private byte[] splice(byte[] bytes) {
    byte[] other = others.get(random.nextInt(others.size()));
    int from = random.nextInt(other.length);
    int length = Math.min(other.length - from, 1 + random.nextInt(2_000));
    int at = random.nextInt(bytes.length + 1);
    int replaced = random.nextBoolean() ? Math.min(length, bytes.length - at) : 0;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.write(other, from, length);
    out.write(bytes, at + replaced, bytes.length - at - replaced);
    return out.toByteArray();
  }

  private byte[] length(byte[] bytes) {
    long value =
        random.nextInt(3) == 0 ? random.nextInt(20_000) : LENGTHS[random.nextInt(LENGTHS.length)];
    int width = 1 << random.nextInt(4);
    int at = Math.max(0, Math.min(position(bytes.length), bytes.length - width));
    ByteBuffer field = ByteBuffer.allocate(Long.BYTES);
    boolean little = random.nextBoolean();
    field.order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).putLong(value);
    int from = little ? 0 : Long.BYTES - width;
    System.arraycopy(field.array(), from, bytes, at, Math.min(width, bytes.length - at));
    return bytes;
  }

  /** Another digit for one there is: sizes in tar headers, JSON and CSV. */
  private byte[] digit(byte[] bytes) {
    int start = position(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int at = (start + i) % bytes.length;
      if (bytes[at] >= '0' && bytes[at] <= '9') {
        bytes[at] = (byte) "0123456789-".charAt(random.nextInt(11));
        return bytes;
      }
    }
    return flip(bytes);
  }

  private static void mendPng(byte[] bytes) {
    if (bytes.length < PNG_SIGNATURE || bytes[1] != 'P' || bytes[2] != 'N') {
      return;
    }
    ByteBuffer png = ByteBuffer.wrap(bytes);
    int at = PNG_SIGNATURE;
    while (at + 12 <= bytes.length) {
      int length = png.getInt(at);
      if (length < 0 || length > bytes.length - at - 12) {
        return;
      }
      CRC32 crc = new CRC32();
      crc.update(bytes, at + 4, length + 4);
      png.putInt(at + 8 + length, (int) crc.getValue());
      at += 12 + length;
    }
  }

  private static void mendTar(byte[] bytes) {
    for (int at = 0; at + TAR_HEADER <= bytes.length; at += TAR_HEADER) {
      if (bytes[at + 257] == 'u' && bytes[at + 258] == 's' && bytes[at + 259] == 't') {
        Arrays.fill(bytes, at + 148, at + 156, (byte) ' ');
        int sum = 0;
        for (int i = at; i < at + TAR_HEADER; i++) {
          sum += bytes[i] & 0xFF;
        }
        byte[] octal =
            String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, bytes, at + 148, octal.length);
      }
    }
  }
}
