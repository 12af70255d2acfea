package simsiam.model.engine.nd4j;

import java.util.Optional;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cusolver;
import org.bytedeco.javacpp.Loader;

/**
 * Whether ND4J can run on CUDA in this process, found without loading ND4J, which settles for one
 * backend as soon as it is touched.
 *
 * @param device the first that CUDA names; empty if there is a problem before one is found
 * @param runtime version of CUDA's runtime: 11060 is 11.6
 * @param problem why it cannot, in words; empty if it can
 */
record Nd4jCuda(Optional<CudaDevice> device, int runtime, Optional<String> problem) {
  private static final String NATIVES = "/org/nd4j/linalg/jcublas/bindings/%s/libnd4jcuda.so";

  /** Once a process: a second attempt to load would fail for having failed, which tells nothing. */
  private static final class Found {
    static final Nd4jCuda CUDA = Nd4jCuda.find();
  }

  static Nd4jCuda found() {
    return Found.CUDA;
  }

  /** Whether this build has ND4J for CUDA; loads nothing. */
  static boolean isOnClassPath() {
    Nd4jBackend.routeLogging();
    return Nd4jCuda.class.getResource(NATIVES.formatted(Loader.getPlatform())) != null;
  }

  private static Nd4jCuda find() {
    if (!isOnClassPath()) {
      return without("this build has no ND4J for CUDA; -Pnd4j-cuda ships it");
    }
    try {
      Loader.load(cudart.class);
      int[] value = new int[1];
      int status = cudart.cudaGetDeviceCount(value);
      if (status != cudart.cudaSuccess || value[0] < 1) {
        String error = cudart.cudaGetErrorString(status).getString();
        return without(
            "CUDA finds no device" + (status == cudart.cudaSuccess ? "" : " (" + error + ")"));
      }
      Optional<CudaDevice> device = Optional.of(first());
      cudart.cudaRuntimeGetVersion(value);
      Optional<String> problem = device.get().problem();
      if (problem.isEmpty()) {
        Loader.load(cublas.class);
        Loader.load(cusolver.class);
      }
      return new Nd4jCuda(device, value[0], problem);
    } catch (LinkageError e) {
      return without(problem(String.valueOf(first(e).getMessage())));
    }
  }

  /** What the loader misses: the name of a library stands behind that of the one that wants it. */
  static String problem(String message) {
    String missing = message.replaceFirst("^/\\S+: (?=lib)", "");
    return missing.startsWith("libcuda.so")
        ? "there is no NVIDIA driver (%s)".formatted(missing)
        : "the loader must find CUDA 11.6 or a later 11, with cuBLAS, cuSOLVER and cuSPARSE"
            + " (LD_LIBRARY_PATH): "
            + missing;
  }

  private static Nd4jCuda without(String problem) {
    return new Nd4jCuda(Optional.empty(), 0, Optional.of(problem));
  }

  private static CudaDevice first() {
    try (cudaDeviceProp properties = new cudaDeviceProp()) {
      int[] major = new int[1];
      int[] minor = new int[1];
      cudart.cudaGetDeviceProperties(properties, 0);
      cudart.cudaDeviceGetAttribute(major, cudart.cudaDevAttrComputeCapabilityMajor, 0);
      cudart.cudaDeviceGetAttribute(minor, cudart.cudaDevAttrComputeCapabilityMinor, 0);
      return new CudaDevice(properties.name().getString(), major[0], minor[0]);
    }
  }

  /** What is missing; what wraps it names the library that was asked for. */
  private static LinkageError first(LinkageError failure) {
    LinkageError first = failure;
    while (first.getCause() instanceof LinkageError cause) {
      first = cause;
    }
    return first;
  }

  /** {@code CUDA 11.6, NVIDIA A10 (compute capability 8.6)}. */
  String describe() {
    return "CUDA %s.%s, %s"
        .formatted(
            runtime / 1000, runtime % 1000 / 10, device.map(CudaDevice::describe).orElse("none"));
  }
}
