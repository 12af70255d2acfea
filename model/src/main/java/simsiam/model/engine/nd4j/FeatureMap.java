package simsiam.model.engine.nd4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Feature maps at the start of an array, which may be larger and shared between maps. */
record FeatureMap(MapShape shape, NativeArray storage) {
  FloatBuffer values() {
    return storage.values();
  }

  /** The maps as [N, H, W, C]. */
  INDArray nhwc() {
    return storage.view(0, shape.batch(), shape.height(), shape.width(), shape.channels());
  }

  /** {@code rows} rows from {@code row} on of the matrix [N·H·W, C]. */
  INDArray rows(int row, int rows) {
    return storage.view((long) row * shape.channels(), rows, shape.channels());
  }

  INDArray matrix() {
    return rows(0, shape.rows());
  }
}
