package simsiam.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import simsiam.model.engine.Rates;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.kernels.Binding;
import simsiam.model.engine.nd4j.kernels.Binding.Bound;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.kernels.Program;
import simsiam.model.engine.nd4j.plan.ElementType;
import simsiam.model.engine.nd4j.plan.Layer;
import simsiam.model.net.Arch;
import simsiam.model.net.EncoderSpec;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.Shape;
import simsiam.model.net.Stem;
import simsiam.model.net.Tensor;

/** What is computed tile by tile is what is computed layer by layer, bit for bit. */
class TiledStepTest {
  private static final int SIZE = 32;

  /** A step and an encoding by the host's kernels, and the chains that they were made of. */
  private static final class Side implements AutoCloseable {
    private final List<Operation> arranged = new ArrayList<>();
    private final Parameters parameters;
    private final Kernels kernels;
    private final Method method;
    private final int batch;

    Side(Method method, int batch, boolean tiles) {
      this.method = method;
      this.batch = batch;
      NetworkLayout layout = NetworkLayout.of(method);
      parameters = new Parameters(layout);
      kernels = new Layers(new HostKernels(parameters, 2), tiles, arranged);
      parameters.importWeights(layout.initialise(3));
    }

    double loss() {
      try (TrainingStep step =
          new TrainingStep(method, kernels, batch, SIZE, ElementType.FLOAT32)) {
        double loss = 0;
        for (int i = 0; i < 2; i++) {
          loss = step.run(Networks.pixels(2 * batch, SIZE, i), new float[0]).loss();
        }
        assertThat(step.nanos())
            .containsKeys(Kind.CONVOLUTION, Kind.NORM_FORWARD, Kind.INPUT_GRADIENT)
            .allSatisfy((kind, nanos) -> assertThat(nanos).isPositive());
        return loss;
      }
    }

    float[] features() {
      int dim =
          method
              .encoder()
              .shapes(new Shape(SIZE, SIZE, 3))
              .get(method.encoder().output())
              .channels();
      try (EvalEncoder encoder =
          new EvalEncoder(method.encoder(), kernels, batch, SIZE, List.of(), ElementType.FLOAT32)) {
        float[] features = new float[batch * dim];
        encoder.encode(Networks.pixels(batch, SIZE, 9), batch, features, List.of());
        return features;
      }
    }

    long chains() {
      return arranged.stream().filter(o -> o.kernel() instanceof Program.Chain).count();
    }

    @Override
    public void close() {
      kernels.close();
      parameters.close();
    }
  }

  /** Even batches, and one whose views end with a smaller tile. */
  @ParameterizedTest
  @CsvSource({"RESNET10, 16, 16", "RESNET10, 16, 37", "RESNET18, 32, 9", "RESNET50, 8, 20"})
  void tilesChangeNothing(Arch arch, int width, int batch) {
    Method method = Method.of(Networks.with(new EncoderSpec(arch, Stem.CIFAR, width, false)));
    try (Side tiled = new Side(method, batch, true);
        Side whole = new Side(method, batch, false)) {
      assertThat(tiled.loss()).isEqualTo(whole.loss());
      assertThat(tiled.chains()).isGreaterThan(3);
      assertThat(whole.chains()).isZero();
      assertSame(tiled.parameters.exportGradients(), whole.parameters.exportGradients());
      assertSame(tiled.parameters.exportWeights(), whole.parameters.exportWeights());
      assertThat(tiled.features()).isEqualTo(whole.features());
    }
  }

  private static void assertSame(Map<String, Tensor> got, Map<String, Tensor> expected) {
    assertThat(got.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (name, tensor) -> assertThat(got.get(name).data()).as(name).isEqualTo(tensor.data()));
  }

  /** Kernels whose arrangement is watched, or left out. */
  private record Layers(Kernels kernels, boolean tiles, List<Operation> arranged)
      implements Kernels {
    @Override
    public List<Operation> arranged(List<Operation> operations, Context context) {
      List<Operation> made = tiles ? kernels.arranged(operations, context) : operations;
      arranged.addAll(made);
      return made;
    }

    @Override
    public Bound product(Layer.Product layer, Binding to) {
      return kernels.product(layer, to);
    }

    @Override
    public Bound scaling(Layer.Scaling layer, Binding to) {
      return kernels.scaling(layer, to);
    }

    @Override
    public Bound folded(Layer.Folded layer, Binding to) {
      return kernels.folded(layer, to);
    }

    @Override
    public Bound pooling(Layer.Pooling layer, Binding to) {
      return kernels.pooling(layer, to);
    }

    @Override
    public Bound grid(Layer.Grid layer, Binding to) {
      return kernels.grid(layer, to);
    }

    @Override
    public Operation sum(FeatureMap into, FeatureMap added, Context context) {
      return kernels.sum(into, added, context);
    }

    @Override
    public Objective objective(
        Method method,
        Map<String, FeatureMap> outputs,
        Map<String, FeatureMap> gradients,
        Context context) {
      return kernels.objective(method, outputs, gradients, context);
    }

    @Override
    public void update(Rates rates) {
      kernels.update(rates);
    }

    @Override
    public void close() {
      kernels.close();
    }
  }
}
