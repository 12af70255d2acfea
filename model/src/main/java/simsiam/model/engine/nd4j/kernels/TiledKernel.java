package simsiam.model.engine.nd4j.kernels;

import java.util.List;
import java.util.Set;

/**
 * A kernel that can also be run for some images at a time, by several threads at once: what it
 * makes of an image depends on that image and on what was there before, and sums over images are
 * made of parts that do not depend on the tiles. Run so, after another one on the same images, it
 * finds in the processor's cache what that one left. {@link #run()} does all of it alone.
 */
public interface TiledKernel extends Kernel {
  /**
   * Whether tiles are worth it: not where each of them would read as much again as it does itself.
   */
  default boolean worthTiling() {
    return true;
  }

  /** The images of a tile are a multiple of this, but for the last of a view. */
  int alignment();

  /**
   * What it reads and writes. Maps that share memory are tiled together if they are of one shape.
   */
  List<FeatureMap> maps();

  /**
   * Makes it ready to be run by tiles; called once at most.
   *
   * @param images the sizes of tiles, in images
   */
  default void tile(Set<Integer> images, int workers) {}

  /** What comes before the first tile, by one thread. */
  default void before() {}

  /**
   * A tile.
   *
   * @param first index of its first image among those of all views
   * @param images how many, all of one view
   * @param worker number of the thread that runs it, from 0
   */
  void run(int first, int images, int worker);

  /** Whether what follows needs all tiles, and {@link #after}. */
  default boolean sums() {
    return false;
  }

  /** What comes after the last tile, by one thread. */
  default void after() {}

  /** A tile failed: whoever waits for it may go on, as what is made is lost. */
  default void cancel() {}
}
