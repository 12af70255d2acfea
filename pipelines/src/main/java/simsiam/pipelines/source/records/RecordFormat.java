package simsiam.pipelines.source.records;

import simsiam.model.image.RgbImage;

/** A file of images as records of one size: a head of labels, then the pixels. */
enum RecordFormat {
  /** Label, then 32×32 pixels, planar RGB. */
  CIFAR10(1, 0, 3, false, 0),
  /** Coarse label, fine label, then 32×32 pixels, planar RGB. */
  CIFAR100(2, 1, 3, false, 0),
  /** Pixels only, one grey channel; labels are in a file of their own. */
  IDX(0, -1, 1, false, 0),
  /** Pixels only, planar RGB, column by column; labels run from 1 in a file of their own. */
  STL10(0, -1, 3, true, 1);

  private final int headBytes;
  private final int labelAt;
  private final int channels;
  private final boolean byColumn;
  private final int firstLabel;

  RecordFormat(int headBytes, int labelAt, int channels, boolean byColumn, int firstLabel) {
    this.headBytes = headBytes;
    this.labelAt = labelAt;
    this.channels = channels;
    this.byColumn = byColumn;
    this.firstLabel = firstLabel;
  }

  int recordBytes(int height, int width) {
    return headBytes + channels * height * width;
  }

  /** Whether the label is in the record. */
  boolean labelled() {
    return labelAt >= 0;
  }

  int label(byte[] records, int offset) {
    return label(records[offset + labelAt]);
  }

  /** The class index that a label byte stands for; below 0 for none. */
  int label(byte stored) {
    return (stored & 0xFF) - firstLabel;
  }

  /** The pixels of the record at an offset, as RGB HWC; grey goes to all three channels. */
  RgbImage image(byte[] records, int offset, int height, int width) {
    int plane = height * width;
    int start = offset + headBytes;
    int green = channels == 1 ? start : start + plane;
    int blue = channels == 1 ? start : start + 2 * plane;
    byte[] pixels = new byte[3 * plane];
    for (int i = 0, out = 0; i < plane; i++) {
      int from = byColumn ? (i % width) * height + i / width : i;
      pixels[out++] = records[start + from];
      pixels[out++] = records[green + from];
      pixels[out++] = records[blue + from];
    }
    return new RgbImage(height, width, pixels);
  }
}
