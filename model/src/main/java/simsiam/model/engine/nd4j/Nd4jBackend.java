package simsiam.model.engine.nd4j;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The native library under ND4J as it was found in this process. */
record Nd4jBackend(String version, int threads) {
  /** Loads the library, once a process. */
  static synchronized Nd4jBackend load() {
    Nd4j.getExecutioner(); // the class's initialiser picks the backend
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    return new Nd4jBackend("1.0.0-M2.1", ops.ompGetMaxThreads());
  }

  String describe() {
    return "ND4J " + version + ", " + threads + " threads " + Nd4j.getBackend();
  }
}
