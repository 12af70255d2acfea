package simsiam.model.engine.nd4j;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import simsiam.model.engine.nd4j.host.HostKernels;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernels;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.MapShape;

/**
 * Any of our layers in a DL4J graph. Works in memory of its own, outside DL4J's workspaces, into
 * which inputs and parameters are copied; keeps it for the last input shape.
 */
final class GraphLayer extends BaseLayer<GraphLayerConf> {
  private static final long serialVersionUID = 1L;

  private final transient Parameters parameters;
  private final transient Kernels kernels;
  private transient Arena arena = new Arena();
  private transient BoundLayer bound;
  private transient long[] boundShape = {};

  GraphLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
    parameters = new Parameters(((GraphLayerConf) conf.getLayer()).named());
    kernels = new HostKernels(parameters, 1);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    bind(input.shape());
    copyParameters(true);
    like(bound.input(), input).assign(input);
    if (training) {
      bound.training().run();
      copyParameters(false);
    } else {
      bound.eval().run();
    }
    boolean pooled = layerConf() instanceof GraphPooling pool && pool.average();
    boolean matrix = pooled || input.rank() == 2;
    return copyOut(bound.output(), matrix, ArrayType.ACTIVATIONS, workspaces);
  }

  @Override
  public Pair<org.deeplearning4j.nn.gradient.Gradient, INDArray> backpropGradient(
      INDArray epsilon, LayerWorkspaceMgr workspaces) {
    assertInputSet(true);
    like(bound.outputGradient(), epsilon).assign(epsilon);
    bound.backward().run();
    var gradient = new DefaultGradient(gradientsFlattened);
    for (String key : params.keySet()) {
      INDArray view = gradientViews.get(key);
      if (GraphLayerConf.isRunning(key)) {
        view.assign(0);
      } else {
        view.assign(parameters.get(GraphLayerConf.NODE + "." + key).gradient(1, view.length()));
      }
      gradient.gradientForVariable().put(key, view);
    }
    INDArray dx =
        copyOut(bound.inputGradient(), input.rank() == 2, ArrayType.ACTIVATION_GRAD, workspaces);
    return new Pair<>(gradient, dx);
  }

  @SuppressWarnings("try") // the scope works by being open
  private void bind(long[] shape) {
    if (Arrays.equals(shape, boundShape)) {
      return;
    }
    int[] s = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
    MapShape maps =
        s.length == 4 ? new MapShape(s[0], s[1], s[2], s[3]) : MapShape.matrix(s[0], s[1]);
    try (MemoryWorkspace none = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
      boundShape = new long[0]; // so that nothing runs on what is freed, if the layer does not fit
      arena.close();
      arena = new Arena();
      bound = layerConf().bind(maps, kernels, arena);
      boundShape = shape.clone();
    }
  }

  /** All parameters into our arrays, or the running statistics back. */
  private void copyParameters(boolean in) {
    params.forEach(
        (key, view) -> {
          INDArray ours = parameters.get(GraphLayerConf.NODE + "." + key).weight(1, view.length());
          if (in) {
            ours.assign(view);
          } else if (GraphLayerConf.isRunning(key)) {
            view.assign(ours);
          }
        });
  }

  private INDArray copyOut(
      FeatureMap map, boolean matrix, ArrayType kind, LayerWorkspaceMgr workspaces) {
    INDArray values = matrix ? map.matrix() : map.nhwc();
    return workspaces.createUninitialized(kind, dataType, values.shape(), 'c').assign(values);
  }

  private static INDArray like(FeatureMap map, INDArray array) {
    return array.rank() == 4 ? map.nhwc() : map.matrix();
  }
}
