package simsiam.model.engine.nd4j;

import java.nio.FloatBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import simsiam.model.net.ConvSpec;

/**
 * Gradient of a convolution's input at stride 1: the forward convolution of the gradient of y with
 * the kernel turned by half a turn and its channels exchanged.
 */
final class FlippedInputGradient implements Kernel {
  private final Parameter weight;
  private final ConvSpec conv;
  private final NativeArray flipped;
  private final Kernel convolution;
  private final Workers workers;

  FlippedInputGradient(ConvSpec conv, Parameter weight, Convolution.Binding to) {
    this.conv = conv;
    this.weight = weight;
    workers = to.arena().workers();
    flipped = to.arena().flippedKernel(weight.spec().size());
    convolution = SpatialForward.isProduct(conv) ? product(to) : convolution(to);
  }

  private Kernel convolution(Convolution.Binding to) {
    int k = conv.kernel();
    INDArray kernel = flipped.view(0, conv.in(), k, k, conv.out());
    return NativeOp.convolutionOutFirst(
        to.y().nhwc(), kernel, to.dx().nhwc(), k - 1 - conv.padding());
  }

  private Kernel product(Convolution.Binding to) {
    int k = conv.kernel();
    INDArray kernel = flipped.view(0, conv.in(), (long) k * k * conv.out());
    ConvSpec back =
        new ConvSpec(conv.name(), conv.norm(), conv.out(), conv.in(), k, 1, k - 1 - conv.padding());
    return new WindowProduct(back, to.y(), kernel, true, to.dx(), to.arena());
  }

  @Override
  public void run() {
    workers.run(conv.in(), this::flip);
    convolution.run();
  }

  /** Kernel [kH, kW, in, out] to [in, kH, kW, out], both sides reversed; one input channel. */
  private void flip(int in, Scratch scratch) {
    int taps = conv.kernel() * conv.kernel();
    int out = conv.out();
    float[] values = scratch.floats(0, taps * out);
    FloatBuffer weights = weight.weights().values();
    for (int tap = 0; tap < taps; tap++) {
      int from = weight.offset() + (tap * conv.in() + in) * out;
      weights.get(from, values, (taps - 1 - tap) * out, out);
    }
    flipped.values().put(in * taps * out, values, 0, taps * out);
  }

  @Override
  public void close() {
    convolution.close();
  }
}
