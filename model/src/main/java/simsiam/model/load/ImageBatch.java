package simsiam.model.load;

/**
 * Normalised images of one batch, in a buffer that goes back to its loader on close. Letters: n
 * images, V views, S pixels a side.
 */
public final class ImageBatch implements AutoCloseable {
  private final float[] pixels;
  private final int[] indices;
  private final Runnable release;
  private boolean closed;

  ImageBatch(float[] pixels, int[] indices, Runnable release) {
    this.pixels = pixels;
    this.indices = indices;
    this.release = release;
  }

  /**
   * {@code [V·n, S, S, 3]}, view-major: rows {@code v·n .. v·n+n-1} are view v of images 0..n-1.
   * The buffer may be longer. Must not be used after close.
   */
  public float[] pixels() {
    if (closed) {
      throw new IllegalStateException("Cannot read batch: expected it open, got it closed");
    }
    return pixels;
  }

  /** n, the images in the batch. */
  public int size() {
    return indices.length;
  }

  /** Index in the image set of the image at that place of the batch. */
  public int index(int place) {
    return indices[place];
  }

  /** Gives the buffer back; a second time does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
