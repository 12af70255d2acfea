package simsiam.model.engine.nd4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Bfloat16;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.Binding.Gradients;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Parameter;
import simsiam.model.engine.nd4j.onednn.Bfloat16Instructions;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.Node;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;
import simsiam.model.net.Shape;

/** Every way a convolution is computed, against its definition in double loops. */
class ConvolutionTest {
  private final Workers workers = new Workers(2);
  private final Arena arena = new Arena();
  private final Random random = new Random(1);

  @AfterEach
  void close() {
    arena.close();
    workers.close();
  }

  private static Node.Convolution node(int in, int out, int kernel, int stride) {
    return new Node.Convolution("c", "x", in, out, kernel, stride, kernel / 2);
  }

  private ElementType type = ElementType.FLOAT32;

  private Bound bind(
      Node.Convolution node,
      Parameter weight,
      FeatureMap x,
      FeatureMap y,
      FeatureMap dx,
      boolean add) {
    // The gradient of y lies over y, as it mostly does.
    Gradients gradients = new Gradients(List.of(y), Optional.of(dx), Optional.empty(), add);
    Context context = new Context(arena, 1, true);
    Binding to = new Binding(x, Optional.empty(), y, Optional.of(gradients), context);
    return new Convolution(weight, to, workers).convolution(node);
  }

  private static MapShape after(Node.Convolution node, MapShape in) {
    Shape image = new Shape(in.height(), in.width(), in.channels());
    return MapShape.of(in.batch(), node.shape(List.of(image)));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 6, 3, 5, 3, 1",
    "3, 7, 4, 6, 3, 2", // odd size
    "2, 8, 4, 6, 3, 2",
    "2, 9, 3, 4, 7, 2", // ImageNet stem
    "2, 5, 6, 4, 1, 1", // matrix product
    "2, 7, 6, 4, 1, 2", // matrix product over every other pixel
    "40, 16, 32, 16, 3, 1", // many images
    "40, 32, 32, 16, 3, 2",
    "2, 2, 352, 352, 3, 1" // kernel rearranged by all threads
  })
  void matchesItsDefinition(int images, int size, int in, int out, int kernel, int stride) {
    matches(images, size, in, out, kernel, stride);
  }

  /** Inputs, gradients and, by their values, kernels are bf16; the kernel's gradient is not. */
  @ParameterizedTest
  @CsvSource({
    "2, 6, 3, 5, 3, 1",
    "3, 7, 4, 6, 3, 2",
    "2, 9, 3, 4, 7, 2",
    "2, 5, 6, 4, 1, 1",
    "2, 7, 6, 4, 1, 2",
    "40, 16, 32, 16, 3, 1",
    "2, 2, 352, 352, 3, 1"
  })
  void matchesItsDefinitionInBfloat16(
      int images, int size, int in, int out, int kernel, int stride) {
    assumeThat(Bfloat16Instructions.here().present()).isTrue();
    type = ElementType.BFLOAT16;
    matches(images, size, in, out, kernel, stride);
  }

  private void matches(int images, int size, int in, int out, int kernel, int stride) {
    Node.Convolution conv = node(in, out, kernel, stride);
    FeatureMap x = filled(new MapShape(images, size, size, in));
    FeatureMap y = arena.map(after(conv, x.shape()), type);
    FeatureMap dx = filled(x.shape()); // stale values, which are to go
    Parameter weight = weight(conv);
    Bound layer = bind(conv, weight, x, y, dx, false);
    layer.forward().forEach(operation -> operation.kernel().run());
    double[] expected = new double[(int) y.shape().size()];
    each(conv, x.shape(), (i, o, w) -> expected[o] += at(x, i) * at(weight, w));
    assertClose(y, expected);

    fill(y);
    double[] dw = new double[weight.spec().size()];
    double[] dInput = new double[(int) x.shape().size()];
    each(
        conv,
        x.shape(),
        (i, o, w) -> {
          dw[w] += at(x, i) * at(y, o);
          dInput[i] += at(weight, w) * at(y, o);
        });
    layer.backward().forEach(operation -> operation.kernel().run());
    assertClose(new FeatureMap(MapShape.matrix(1, dw.length), weight.gradients()), dw);
    assertClose(dx, dInput);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void pixelConvolutionAddsToTheGradientOfItsInput(int stride) {
    addsToTheGradientOfItsInput(stride);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void pixelConvolutionAddsToTheGradientOfItsInputInBfloat16(int stride) {
    assumeThat(Bfloat16Instructions.here().present()).isTrue();
    type = ElementType.BFLOAT16;
    addsToTheGradientOfItsInput(stride);
  }

  private void addsToTheGradientOfItsInput(int stride) {
    Node.Convolution conv = node(5, 3, 1, stride);
    FeatureMap x = filled(new MapShape(2, 7, 7, 5));
    FeatureMap y = arena.map(after(conv, x.shape()), type);
    FeatureMap dx = filled(x.shape());
    Parameter weight = weight(conv);
    Bound layer = bind(conv, weight, x, y, dx, true);
    layer.forward().forEach(operation -> operation.kernel().run());
    fill(y);
    double[] expected = new double[(int) x.shape().size()];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = at(dx, i);
    }
    each(conv, x.shape(), (i, o, w) -> expected[i] += at(weight, w) * at(y, o));
    layer.backward().forEach(operation -> operation.kernel().run());
    assertClose(dx, expected);
  }

  /** Takes one product of the definition: indices into input, output and kernel. */
  private interface Product {
    void take(int input, int output, int weight);
  }

  private static void each(Node.Convolution conv, MapShape in, Product product) {
    MapShape out = after(conv, in);
    int k = conv.kernel();
    for (int row = 0; row < out.rows(); row++) {
      int image = row / (out.height() * out.width());
      for (int tap = 0; tap < k * k; tap++) {
        int y = row / out.width() % out.height() * conv.stride() - conv.padding() + tap / k;
        int x = row % out.width() * conv.stride() - conv.padding() + tap % k;
        if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
          int pixel = (image * in.height() + y) * in.width() + x;
          for (int i = 0; i < conv.in(); i++) {
            for (int o = 0; o < conv.out(); o++) {
              int weight = (tap * conv.in() + i) * conv.out() + o;
              product.take(pixel * conv.in() + i, row * conv.out() + o, weight);
            }
          }
        }
      }
    }
  }

  private Parameter weight(Node.Convolution conv) {
    ParameterSpec spec =
        new ParameterSpec("w", conv.parameters().get(0).shape(), Initial.ZERO, true, false);
    FeatureMap values = arena.map(MapShape.matrix(1, spec.size()));
    fill(values);
    return new Parameter(
        spec, 0, values.storage(), arena.array(spec.size()), arena.array(spec.size()));
  }

  private FeatureMap filled(MapShape shape) {
    FeatureMap map = arena.map(shape, type);
    fill(map);
    return map;
  }

  private void fill(FeatureMap map) {
    for (int i = 0; i < map.shape().size(); i++) {
      float value = (float) random.nextGaussian();
      // A kernel's values are rounded when it is packed: here they are exact before.
      float exact = type == ElementType.FLOAT32 ? value : Bfloat16.toFloat(Bfloat16.of(value));
      map.write(i, new float[] {exact}, 0, 1);
    }
  }

  private static double at(FeatureMap map, int index) {
    float[] value = new float[1];
    map.read(index, value, 0, 1);
    return value[0];
  }

  private static double at(Parameter weight, int index) {
    return weight.weights().values().get(index);
  }

  private static void assertClose(FeatureMap map, double[] expected) {
    double scale = 0;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      // Rounded to 8 bits once; where it is added to what was there, before that too.
      double rounding = map.isBfloat16() ? Math.abs(expected[i]) / 256 + scale / 512 : 0;
      assertThat(at(map, i)).isCloseTo(expected[i], within(1e-5 * scale + rounding));
    }
  }
}
