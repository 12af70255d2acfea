package simsiam.model.net;

import java.util.Arrays;

/**
 * A named weight outside any engine: float32, row-major. Convolutions are OIHW, linear layers [out,
 * in], as in PyTorch.
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier between engines and files
public record Tensor(long[] shape, float[] data) {
  public Tensor {
    long size = 1;
    for (long extent : shape) {
      size *= extent;
    }
    if (size != data.length) {
      throw new IllegalArgumentException(
          "Cannot make a tensor: expected "
              + size
              + " values for shape "
              + Arrays.toString(shape)
              + ", got "
              + data.length);
    }
  }

  public static Tensor of(float[] data, long... shape) {
    return new Tensor(shape, data);
  }
}
