package simsiam.pipelines.source;

import simsiam.model.image.RgbImage;

/** A file of images as records of one size: a head of labels, then the pixels. */
enum RecordFormat {
  /** Label, then 32×32 pixels, planar RGB. */
  CIFAR10(1, 0, 3),
  /** Coarse label, fine label, then 32×32 pixels, planar RGB. */
  CIFAR100(2, 1, 3),
  /** Pixels only, one grey channel; labels are in a file of their own. */
  IDX(0, -1, 1);

  private final int headBytes;
  private final int labelAt;
  private final int channels;

  RecordFormat(int headBytes, int labelAt, int channels) {
    this.headBytes = headBytes;
    this.labelAt = labelAt;
    this.channels = channels;
  }

  int recordBytes(int height, int width) {
    return headBytes + channels * height * width;
  }

  /** Whether the label is in the record. */
  boolean labelled() {
    return labelAt >= 0;
  }

  int label(byte[] records, int offset) {
    return records[offset + labelAt] & 0xFF;
  }

  /** The pixels of the record at an offset, as RGB HWC; grey goes to all three channels. */
  RgbImage image(byte[] records, int offset, int height, int width) {
    int plane = height * width;
    int start = offset + headBytes;
    int green = channels == 1 ? start : start + plane;
    int blue = channels == 1 ? start : start + 2 * plane;
    byte[] pixels = new byte[3 * plane];
    for (int i = 0, out = 0; i < plane; i++) {
      pixels[out++] = records[start + i];
      pixels[out++] = records[green + i];
      pixels[out++] = records[blue + i];
    }
    return new RgbImage(height, width, pixels);
  }
}
