package simsiam.eval.layers;

import simsiam.eval.features.FeatureSet;
import simsiam.eval.layers.LayersResult.Layer;
import simsiam.eval.linear.NormalizedProbe;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeResult;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.engine.LinearAlgebra;

/** Both probes on features of one layer after another: the converged one, and the published one. */
public final class LayerProbes {
  private final LayersSpec spec;
  private final ProbeSpec probe;
  private final LinearAlgebra algebra;
  private final long seed;

  /**
   * @param probe of the converged one
   * @param seed of the other's weights and order
   */
  public LayerProbes(LayersSpec spec, ProbeSpec probe, LinearAlgebra algebra, long seed) {
    this.spec = spec;
    this.probe = probe;
    this.algebra = algebra;
    this.seed = seed;
  }

  /** Parts of the work on one layer, as {@link #run} tells them. */
  public static int parts(LayersSpec spec, ProbeSpec probe) {
    return LogisticProbe.fits(probe) + spec.epochs();
  }

  /**
   * Probes one layer.
   *
   * @param name of the layer
   * @param side cells a side that it was pooled to
   * @param train which may not be used afterwards
   * @param listener called as each part ends
   */
  public Layer run(String name, int side, FeatureSet train, FeatureSet test, Runnable listener) {
    double sgd =
        spec.epochs() == 0
            ? -1
            : new NormalizedProbe(spec.sgd(), algebra, seed)
                .run(train, test, listener)
                .report()
                .top1();
    // Last, as the maps of a layer are too large for a copy.
    ProbeResult solved =
        new LogisticProbe(probe, algebra).runInPlace(train, test, fit -> listener.run());
    return new Layer(
        name,
        side,
        train.dim(),
        solved.report().top1(),
        solved.fit().c(),
        solved.fit().converged(),
        sgd);
  }
}
