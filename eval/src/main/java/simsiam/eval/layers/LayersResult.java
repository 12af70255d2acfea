package simsiam.eval.layers;

import java.util.List;

/**
 * What the probes of one encoder found, from the image up, the pooled features last.
 *
 * @param train images trained on
 * @param test images scored
 */
public record LayersResult(LayersSpec spec, int train, int test, List<Layer> layers) {
  public LayersResult {
    layers = List.copyOf(layers);
  }

  /**
   * One layer.
   *
   * @param name of its tap, {@code stem} or {@code layer1}; {@code pooled} for the features
   * @param side cells a side
   * @param dim values of an image
   * @param probeTop1 of the converged probe, in percent
   * @param c chosen for it
   * @param converged whether it was solved
   * @param sgdTop1 of the published protocol, in percent; -1 where it was not asked for
   */
  public record Layer(
      String name,
      int side,
      int dim,
      double probeTop1,
      double c,
      boolean converged,
      double sgdTop1) {}
}
