package simsiam.model.engine.torch;

import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Copies between Java arrays, row-major, and tensors, wherever and however they are stored. */
final class Transfer {
  private static final AtomicLong READS = new AtomicLong();
  private static final AtomicLong SENT = new AtomicLong();

  private Transfer() {}

  /** How often values were read so far, each time waiting for the device. */
  static long reads() {
    return READS.get();
  }

  /**
   * How many tensors were brought to the device so far, each by a copy where it has memory of its
   * own.
   */
  static long sent() {
    return SENT.get();
  }

  static void countSent() {
    SENT.incrementAndGet();
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
    Tensor borrowed = runtime.toDevice(torch.from_blob(new FloatPointer(values), shape));
    // On the CPU the memory is still the pointer's, and may outlive it only as a copy.
    return runtime.cuda() ? borrowed : borrowed.clone();
  }

  /** Sums along one dimension, which stays as one of length 1. Needs a pointer scope. */
  static Tensor sumAlong(Tensor tensor, long dimension) {
    return tensor.sum(new long[] {dimension}, true, new ScalarTypeOptional());
  }
}
