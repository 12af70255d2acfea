package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.Device;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;

/** Weights in bf16: what is rounded, when, and what is not. */
class TorchParametersTest {
  private static final List<ParameterSpec> SPECS =
      List.of(
          spec("conv.weight", true, false, 3, 2, 3, 3),
          spec("fixed.weight", false, false, 4, 5),
          spec("norm.weight", true, false, 3),
          spec("predictor.weight", true, true, 2, 7));

  private final TorchParameters parameters =
      new TorchParameters(
          TorchRuntime.open(new TorchSettings(Device.CPU, Precision.BF16, 1)), SPECS, 2);

  private static ParameterSpec spec(
      String name, boolean trained, boolean predictor, Integer... shape) {
    return new ParameterSpec(name, List.of(shape), Initial.ONE, trained, predictor);
  }

  @AfterEach
  void close() {
    parameters.close();
  }

  private static SortedMap<String, simsiam.model.net.Tensor> values(List<ParameterSpec> specs) {
    Random random = new Random(3);
    SortedMap<String, simsiam.model.net.Tensor> values = new TreeMap<>();
    for (ParameterSpec spec : specs) {
      float[] data = new float[spec.size()];
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) random.nextGaussian();
      }
      long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
      values.put(spec.name(), new simsiam.model.net.Tensor(shape, data));
    }
    return values;
  }

  /** To the nearest of eight bits of precision, of two the even one. */
  private static float[] rounded(float[] exact) {
    float[] rounded = new float[exact.length];
    for (int i = 0; i < exact.length; i++) {
      int bits = Float.floatToRawIntBits(exact[i]);
      rounded[i] = Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
    }
    return rounded;
  }

  private void assertCopyIsRounded() {
    parameters
        .exportWeights()
        .forEach(
            (name, exact) -> {
              for (int view = 0; view < 2; view++) {
                assertThat(Transfer.toArray(parameters.multiplied(name, view)))
                    .as(name)
                    .isEqualTo(rounded(exact.data()));
              }
            });
  }

  @Test
  void theCopyFollowsImportsAndUpdates() {
    parameters.importWeights(values(SPECS));
    assertCopyIsRounded();

    parameters.gradients().overwrite(values(parameters.gradients().specs()));
    float[] before = parameters.exportWeights().get("conv.weight").data();
    NativeScope.evaluating(
        () -> new SgdMomentum(parameters).update(new Rates(0.1, 0.2, 0.9, 5e-4)));

    assertThat(parameters.exportWeights().get("conv.weight").data()).isNotEqualTo(before);
    assertCopyIsRounded();
  }

  /** 1 + 2⁻⁹ has more bits than bf16, whose sum of the two views would be 1. */
  @Test
  void gradientsOfViewsAreSummedInFloat32() {
    parameters.importWeights(values(SPECS));
    for (String name : List.of("conv.weight", "predictor.weight")) {
      double[] factors = {1, 1.0 / 512};
      for (int view = 0; view < 2; view++) {
        Tensor weight = parameters.multiplied(name, view);
        double factor = factors[view];
        NativeScope.freeing(
            () -> {
              weight.mul(new Scalar(factor)).sum().backward();
              return null;
            });
      }
    }
    NativeScope.evaluating(parameters::gatherGradients);
    SortedMap<String, simsiam.model.net.Tensor> found = parameters.gradients().export();
    for (float gradient : found.get("conv.weight").data()) {
      assertThat(gradient).isEqualTo(1 + 1f / 512);
    }
    assertThat(found.get("norm.weight").data()).containsOnly(0);

    NativeScope.evaluating(parameters::clearGradients);
    NativeScope.evaluating(parameters::gatherGradients);
    parameters.gradients().export().values().forEach(t -> assertThat(t.data()).containsOnly(0));
  }

  /** One convolution of a view reads the copy, stored as its maps are. */
  @Test
  void kernelsAreStoredChannelsLastInBothPrecisions() {
    for (Tensor kernel :
        List.of(parameters.get("conv.weight"), parameters.multiplied("conv.weight", 1))) {
      long[] strides = NativeScope.freeing(() -> kernel.strides().vec().get());
      assertThat(strides).containsExactly(18, 1, 6, 2);
    }
    assertThat(parameters.multiplied("conv.weight", 0).scalar_type().intern())
        .isEqualTo(torch.ScalarType.BFloat16);
    assertThat(parameters.get("norm.weight").scalar_type().intern())
        .isEqualTo(torch.ScalarType.Float);
  }

  /** Of one trained vector of 3, with both groups' rates, against the formula in float. */
  @Test
  void theUpdateIsThatOfSgdOnEveryTensor() {
    SortedMap<String, simsiam.model.net.Tensor> weights = values(SPECS);
    parameters.importWeights(weights);
    parameters.importMomentum(values(parameters.momentum().specs()));
    SortedMap<String, simsiam.model.net.Tensor> momentum = parameters.momentum().export();
    SortedMap<String, simsiam.model.net.Tensor> gradients = new TreeMap<>();
    momentum.forEach(
        (name, t) -> {
          float[] data = new float[t.data().length];
          Arrays.setAll(new double[data.length], i -> data[i] = (float) Math.cos(1 + i));
          gradients.put(name, new simsiam.model.net.Tensor(t.shape(), data));
        });
    parameters.gradients().overwrite(gradients);

    NativeScope.evaluating(
        () -> new SgdMomentum(parameters).update(new Rates(0.125, 0.25, 0.5, 0.0625)));

    parameters
        .exportWeights()
        .forEach(
            (name, moved) -> {
              float[] old = weights.get(name).data();
              if (!momentum.containsKey(name)) {
                assertThat(moved.data()).as(name).isEqualTo(old);
                return;
              }
              double rate = name.startsWith("predictor") ? 0.25 : 0.125;
              for (int i = 0; i < old.length; i++) {
                double decayed = gradients.get(name).data()[i] + 0.0625 * old[i];
                double expected = old[i] - rate * (0.5 * momentum.get(name).data()[i] + decayed);
                assertThat((double) moved.data()[i])
                    .as("%s of %s", i, name)
                    .isCloseTo(expected, within(3e-7));
              }
            });
  }

  @Test
  void aLeafOfAViewIsReadByConvolutions() {
    parameters.importWeights(values(SPECS));
    NativeScope.freeing(
        () -> {
          Tensor image =
              torch
                  .from_blob(new FloatPointer(new float[2 * 9]), 1, 2, 3, 3)
                  .to(torch.ScalarType.BFloat16);
          Tensor made = torch.conv2d(image, parameters.multiplied("conv.weight", 0));
          assertThat(made.scalar_type().intern()).isEqualTo(torch.ScalarType.BFloat16);
          assertThat(made.requires_grad()).isTrue();
          return null;
        });
  }
}
