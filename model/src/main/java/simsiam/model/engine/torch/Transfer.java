package simsiam.model.engine.torch;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Copies between Java arrays, row-major, and tensors, wherever and however they are stored. */
final class Transfer {
  private static final AtomicLong READS = new AtomicLong();

  private Transfer() {}

  /** How often values were read so far, each time waiting for the device. */
  static long reads() {
    return READS.get();
  }

  static float[] toArray(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    copy(tensor, values);
    return values;
  }

  /** Writes all values of the tensor to the start of the array. */
  static void copy(Tensor from, float[] to) {
    READS.incrementAndGet();
    NativeScope.evaluating(
        () -> {
          Device cpu = new Device(torch.DeviceType.CPU);
          Tensor host = from.to(cpu, torch.ScalarType.Float).contiguous();
          host.data_ptr_float().get(to, 0, Math.toIntExact(host.numel()));
        });
  }

  /** Overwrites all values of the tensor. */
  static void copy(float[] from, Tensor to) {
    NativeScope.evaluating(() -> to.copy_(torch.from_blob(new FloatPointer(from), shape(to))));
  }

  static long[] shape(Tensor tensor) {
    return NativeScope.freeing(() -> tensor.sizes().vec().get());
  }

  /** Values as a tensor of that shape on the device. Needs a pointer scope. */
  static Tensor of(float[] values, TorchRuntime runtime, long... shape) {
    return owned(torch.from_blob(new FloatPointer(values), shape), runtime);
  }

  /** Indices, of int64. Needs a pointer scope. */
  static Tensor of(int[] indices, TorchRuntime runtime) {
    LongPointer values = new LongPointer(Arrays.stream(indices).asLongStream().toArray());
    TensorOptions type = new TensorOptions(torch.ScalarType.Long);
    return owned(torch.from_blob(values, new long[] {indices.length}, type), runtime);
  }

  /** On the CPU the memory is still the pointer's, and may outlive it only as a copy. */
  private static Tensor owned(Tensor borrowed, TorchRuntime runtime) {
    return runtime.cuda() ? runtime.toDevice(borrowed) : borrowed.clone();
  }

  /** 0 to n-1 on the device, of float32. Needs a pointer scope. */
  static Tensor upTo(TorchRuntime runtime, long n) {
    return runtime.toDevice(
        torch.arange(new Scalar((double) n), new TensorOptions(torch.ScalarType.Float)));
  }

  /** Sums along one dimension, which stays as one of length 1. Needs a pointer scope. */
  static Tensor sumAlong(Tensor tensor, long dimension) {
    return tensor.sum(new long[] {dimension}, true, new ScalarTypeOptional());
  }
}
