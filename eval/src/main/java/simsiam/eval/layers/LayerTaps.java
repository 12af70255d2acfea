package simsiam.eval.layers;

import java.util.List;
import simsiam.model.engine.Tap;
import simsiam.model.net.Network;
import simsiam.model.net.Shape;

/**
 * How the layers of an encoder are pooled for probes: each to the largest square grid of which all
 * channels together have no more values than a limit, and never more cells a side than the layer
 * has. With the limit 9,216 and images of 224 pixels that gives a ResNet-50 the published grids of
 * 12, 6, 4, 3 and 2 cells.
 */
public final class LayerTaps {
  private LayerTaps() {}

  /**
   * One tap for each layer, from the image up.
   *
   * @param size S, pixels a side of the images
   * @param maxDim most values of a layer; a layer of more channels is pooled to one cell
   */
  public static List<Tap> of(Network encoder, int size, int maxDim) {
    return encoder.taps().entrySet().stream()
        .map(
            tap -> {
              Shape shape = encoder.shapes(size).get(tap.getValue());
              int most = Math.min(shape.height(), shape.width());
              int side = (int) Math.sqrt((double) maxDim / shape.channels());
              return new Tap(tap.getKey(), Math.max(1, Math.min(most, side)));
            })
        .toList();
  }
}
