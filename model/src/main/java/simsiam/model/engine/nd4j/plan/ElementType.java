package simsiam.model.engine.nd4j.plan;

/** How a value of a map is stored. */
public enum ElementType {
  FLOAT32(4),
  /** The upper half of a float32: as large a range, 8 bits of precision. */
  BFLOAT16(2);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Floats whose memory holds so many values. */
  public long floats(long values) {
    return (values * bytes + Float.BYTES - 1) / Float.BYTES;
  }

  public int bytes() {
    return bytes;
  }
}
