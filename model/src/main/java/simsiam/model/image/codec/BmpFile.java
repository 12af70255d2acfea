package simsiam.model.image.codec;

/** The size that the header of a BMP file tells; whether the pixels are there is not looked at. */
record BmpFile(long height, long width) {
  private static final int FILE_HEADER_BYTES = 14;
  private static final int CORE_HEADER_BYTES = 12;

  static BmpFile read(byte[] bytes) throws ImageRejectedException {
    ByteCursor in = new ByteCursor(bytes, FILE_HEADER_BYTES, "BMP");
    if (in.u32LittleEndian() == CORE_HEADER_BYTES) {
      int width = in.u16LittleEndian();
      return new BmpFile(in.u16LittleEndian(), width);
    }
    long width = in.u32LittleEndian();
    // Negative where rows go from the top.
    return new BmpFile(Math.abs((int) in.u32LittleEndian() + 0L), width);
  }
}
