package simsiam.pipelines.sweep.grid;

import java.nio.file.Path;
import java.util.List;
import simsiam.pipelines.config.load.LoadedConfig;

/**
 * A sweep on its base: the points that it consists of.
 *
 * @param baseFile the base's configuration
 * @param base with the overrides that all points share
 * @param points each with a configuration of its own
 * @param leftOut places on the axes that the base cannot have
 */
public record Sweep(
    SweepSpec spec,
    Path baseFile,
    LoadedConfig base,
    List<Point> points,
    List<Point.LeftOut> leftOut) {
  public Sweep {
    points = List.copyOf(points);
    leftOut = List.copyOf(leftOut);
  }

  /** The sweep's name in a workspace, where it may be done on several bases. */
  public String name() {
    return spec.name() + "-" + base.config().name();
  }
}
