package simsiam.model.load;

import java.util.Optional;
import simsiam.model.augment.DrawnViews;

/**
 * One batch, in a buffer that goes back to its loader on close: normalised images, or images with
 * what was drawn for their views, for those who make the views themselves. Letters: n images, V
 * views, S pixels a side.
 */
public final class ImageBatch implements AutoCloseable {
  private final Optional<float[]> pixels;
  private final Optional<DrawnViews> drawn;
  private final int[] indices;
  private final Runnable release;
  private boolean closed;

  private ImageBatch(
      Optional<float[]> pixels, Optional<DrawnViews> drawn, int[] indices, Runnable release) {
    this.pixels = pixels;
    this.drawn = drawn;
    this.indices = indices;
    this.release = release;
  }

  static ImageBatch made(float[] pixels, int[] indices, Runnable release) {
    return new ImageBatch(Optional.of(pixels), Optional.empty(), indices, release);
  }

  static ImageBatch drawn(DrawnViews views, int[] indices, Runnable release) {
    return new ImageBatch(Optional.empty(), Optional.of(views), indices, release);
  }

  /**
   * {@code [V·n, S, S, 3]}, view-major: rows {@code v·n .. v·n+n-1} are view v of images 0..n-1.
   * The buffer may be longer. Must not be used after close.
   *
   * @throws IllegalStateException if its views are drawn only, or the batch is closed
   */
  public float[] pixels() {
    requireOpen();
    return pixels.orElseThrow(
        () ->
            new IllegalStateException(
                "Cannot read batch: expected views that are made, got drawn ones"));
  }

  /** The views that are yet to be made; empty if they are. Must not be used after close. */
  public Optional<DrawnViews> drawn() {
    requireOpen();
    return drawn;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("Cannot read batch: expected it open, got it closed");
    }
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
