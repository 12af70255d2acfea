package simsiam.model.image.codec;

import java.nio.charset.StandardCharsets;

/** A read position in a file held in memory; reading past the end rejects it as truncated. */
final class ByteCursor {
  private final byte[] bytes;
  private final String what;
  private int position;

  ByteCursor(byte[] bytes, int position, String what) {
    this.bytes = bytes;
    this.position = position;
    this.what = what;
  }

  int position() {
    return position;
  }

  /** Requires {@code count} more bytes, without moving. */
  void require(long count) throws ImageRejectedException {
    if (count < 0 || count > bytes.length - position) {
      throw new ImageRejectedException(
          RejectReason.TRUNCATED,
          "expected %s more bytes of %s at byte %s, got %s"
              .formatted(count, what, position, bytes.length - position));
    }
  }

  void skip(long count) throws ImageRejectedException {
    require(count);
    position += (int) count;
  }

  /** Moves past the next byte of that value. */
  void skipPast(int value) throws ImageRejectedException {
    int at = position;
    while (at < bytes.length && (bytes[at] & 0xFF) != value) {
      at++;
    }
    position = at;
    skip(1);
  }

  int u8() throws ImageRejectedException {
    require(1);
    return bytes[position++] & 0xFF;
  }

  int u16() throws ImageRejectedException {
    return (u8() << 8) | u8();
  }

  int u16LittleEndian() throws ImageRejectedException {
    return u8() | (u8() << 8);
  }

  int u24LittleEndian() throws ImageRejectedException {
    return u16LittleEndian() | (u8() << 16);
  }

  long u32() throws ImageRejectedException {
    return ((long) u16() << 16) | u16();
  }

  long u32LittleEndian() throws ImageRejectedException {
    return u16LittleEndian() | ((long) u16LittleEndian() << 16);
  }

  String ascii(int length) throws ImageRejectedException {
    require(length);
    String text = new String(bytes, position, length, StandardCharsets.ISO_8859_1);
    position += length;
    return text;
  }
}
