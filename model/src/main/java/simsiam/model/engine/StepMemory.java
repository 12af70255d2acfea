package simsiam.model.engine;

import simsiam.model.net.Method;
import simsiam.model.net.NetworkCost;
import simsiam.model.net.ParameterSpec;

/**
 * About how much memory training steps take on an engine that keeps every map until the way back,
 * as autograd does: twice the outputs of convolutions and linear layers, before and after their
 * norm, and a quarter more for gradients and workspace (measured on the CPU, ResNet-18 and
 * ResNet-50 on CIFAR's images, float32 and bf16: 1.13 to 1.33 times the maps).
 *
 * @param fixed bytes whatever the batch
 * @param image bytes an image of the batch, all its views together
 */
public record StepMemory(long fixed, long image) {
  private static final double BEYOND_MAPS = 1.25;

  /** Weights, gradients and momentum in float32. */
  private static final int EXACT = 3 * Float.BYTES;

  private static final int BFLOAT16 = 2;

  /** Of what is free, since it lies in pieces. */
  private static final double USABLE = 0.95;

  /**
   * Of a method's steps on views of {@code size}×{@code size} pixels.
   *
   * @param precision BF16 halves the maps, and has a copy of the weights and gradients by view
   */
  public static StepMemory of(Method method, int size, Precision precision) {
    boolean half = precision == Precision.BF16;
    int copies = half ? BFLOAT16 * (1 + method.views()) : 0;
    long values = method.parameters().stream().mapToLong(ParameterSpec::elements).sum();
    long maps = 2 * NetworkCost.of(method, size).scaledValues();
    long pixels = 3L * size * size * method.views() * (Float.BYTES + (half ? BFLOAT16 : 0));
    return new StepMemory(
        values * (EXACT + copies),
        pixels + (long) (BEYOND_MAPS * maps * (half ? BFLOAT16 : Float.BYTES)));
  }

  /**
   * The largest batch that would fit where one did not.
   *
   * @param batch that did not fit
   * @param demanded bytes that it had taken and asked for when it failed: at least as many as it
   *     needs; 0 if that is not known
   * @param available bytes that training could have
   * @return less than {@code batch}, a multiple of 8 if it can be; 0 if there is none
   */
  public int fitting(int batch, long demanded, long available) {
    double one = Math.max((double) image, (demanded - fixed) / (double) batch);
    long most = (long) ((USABLE * available - fixed) / one);
    long fits = Math.max(0, Math.min(most, batch - 1L));
    return (int) (fits >= 8 ? fits / 8 * 8 : fits);
  }
}
