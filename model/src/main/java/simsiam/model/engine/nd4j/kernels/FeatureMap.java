package simsiam.model.engine.nd4j.kernels;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.engine.nd4j.plan.MapShape;

/** Feature maps at the start of an array, which may be larger and shared between maps. */
public record FeatureMap(MapShape shape, NativeArray storage) {
  public FloatBuffer values() {
    return storage.values();
  }

  /** The maps as [N, H, W, C]. */
  public INDArray nhwc() {
    return storage.view(0, shape.batch(), shape.height(), shape.width(), shape.channels());
  }

  /** {@code rows} rows from {@code row} on of the matrix [N·H·W, C]. */
  public INDArray rows(int row, int rows) {
    return storage.view((long) row * shape.channels(), rows, shape.channels());
  }

  public INDArray matrix() {
    return rows(0, shape.rows());
  }
}
