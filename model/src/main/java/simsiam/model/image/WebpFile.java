package simsiam.model.image;

/** What the RIFF chunks of a WebP file say; checks that all the bytes it declares are there. */
record WebpFile(int orientation) {
  private static final int TAG_BYTES = 4;

  static WebpFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, TAG_BYTES, "WebP");
    long size = in.u32LittleEndian();
    in.require(size);
    long end = in.position() + size;
    in.skip(TAG_BYTES);
    int orientation = ExifOrientation.UPRIGHT;
    while (in.position() + 2 * TAG_BYTES <= end) {
      String type = in.ascii(TAG_BYTES);
      long length = in.u32LittleEndian();
      int data = in.position();
      in.skip(Math.min(length + (length & 1), end - data));
      if (type.equals("EXIF")) {
        orientation = ExifOrientation.read(bytes, data, in.position() - data);
      }
    }
    return new WebpFile(orientation);
  }
}
