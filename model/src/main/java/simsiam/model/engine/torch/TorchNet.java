package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.engine.InputCheck;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.HeadLayer;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;

/** A SimSiam network on libtorch: functional layers over named tensors, gradients by autograd. */
final class TorchNet implements TrainingNet {
  private final NetworkSpec spec;
  private final TorchRuntime runtime;
  private final TorchWeights weights;
  private final TorchBackbone backbone;
  private final TorchHead projector;
  private final TorchHead predictor;
  private final Method method;
  private final TorchObjective objective;
  private final TorchImages images;
  private final InputCheck inputs;
  private boolean closed;

  TorchNet(NetworkSpec spec, TorchRuntime runtime) {
    this.spec = spec;
    this.runtime = runtime;
    weights = new TorchWeights(runtime, NetworkLayout.of(spec));
    backbone = new TorchBackbone(spec.encoder(), weights);
    projector = new TorchHead(HeadLayer.projector(spec), weights);
    predictor = new TorchHead(HeadLayer.predictor(spec), weights);
    method = Method.of(spec);
    objective = new TorchObjective(method);
    inputs = new InputCheck(spec);
    try {
      images = new TorchImages(runtime);
    } catch (RuntimeException | Error e) {
      weights.close();
      throw e;
    }
  }

  @Override
  public NetworkSpec spec() {
    return spec;
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    inputs.checkStep(views, batch, size);
    checkOpen("train");
    runtime.enter();
    return NativeScope.freeing(() -> stepInScope(views, batch, size, rates));
  }

  private StepMetrics stepInScope(float[] views, int batch, int size, Rates rates) {
    int count = method.views();
    Tensor pixels = images.load(views, count * batch, size);
    List<Tensor> p = new ArrayList<>();
    List<Tensor> z = new ArrayList<>();
    for (int view = 0; view < count; view++) {
      Tensor x = pixels.narrow(0, (long) view * batch, batch);
      NativeScope.recording(
          method.differentiates(view),
          () -> {
            Tensor projection = projector.forward(backbone.forward(x, true));
            p.add(predictor.forward(projection).to(torch.ScalarType.Float));
            return z.add(projection.to(torch.ScalarType.Float));
          });
    }
    Tensor loss = objective.loss(p, z);
    StepMetrics metrics =
        new StepMetrics(loss.item_double(), TorchObjective.outputStd(z).item_double());
    TensorVector gradients = torch.grad(new TensorVector(loss), weights.trainedVector());
    NativeScope.evaluating(() -> HeavyBall.update(weights.trained(), gradients, rates));
    return metrics;
  }

  @Override
  public void encode(float[] pixels, int count, int size, float[] features) {
    inputs.checkEncode(pixels, count, size, features);
    checkOpen("encode");
    runtime.enter();
    NativeScope.evaluating(
        () -> Transfer.copy(backbone.forward(images.load(pixels, count, size), false), features));
  }

  @Override
  public SortedMap<String, simsiam.model.net.Tensor> exportWeights() {
    checkOpen("export weights");
    return weights.exportWeights();
  }

  @Override
  public void importWeights(SortedMap<String, simsiam.model.net.Tensor> values) {
    checkOpen("import weights");
    weights.importWeights(values);
  }

  @Override
  public SortedMap<String, simsiam.model.net.Tensor> exportOptimizer() {
    checkOpen("export momentum");
    return weights.exportMomentum();
  }

  @Override
  public void importOptimizer(SortedMap<String, simsiam.model.net.Tensor> buffers) {
    checkOpen("import momentum");
    weights.importMomentum(buffers);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      weights.close();
      images.close();
    }
  }

  /** Freed tensors must not be reached: that would end the process. */
  private void checkOpen(String action) {
    if (closed) {
      throw new IllegalStateException("Cannot " + action + ": the network is closed");
    }
  }
}
