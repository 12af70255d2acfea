package simsiam.model.engine.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import simsiam.model.augment.AugmentSpec;
import simsiam.model.augment.DrawnViews;
import simsiam.model.engine.InputCheck;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMemory;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.Tap;
import simsiam.model.engine.TrainingNet;
import simsiam.model.image.RgbImage;
import simsiam.model.net.Method;
import simsiam.model.net.Method.Given;
import simsiam.model.net.Network;

/** A method and its networks on libtorch, gradients by autograd. */
final class TorchNet implements TrainingNet {
  private static final float[] NOTHING = {};

  private final TorchRuntime runtime;
  private final Method method;
  private final TorchObjective objective;
  private final InputCheck inputs;
  private final TorchParameters parameters;
  private final SgdMomentum optimizer;
  private final TorchImages images;
  private final TorchNetwork trained;
  private final TorchNetwork evaluated;
  private final TorchNetwork predicting;
  private final DeferredMetrics metrics;
  private Optional<TorchViews> views = Optional.empty();
  private Optional<TorchPixels> cached = Optional.empty();
  private boolean closed;

  TorchNet(Method method, TorchRuntime runtime) {
    this.method = method;
    this.runtime = runtime;
    objective = new TorchObjective(method);
    inputs = new InputCheck(method);
    parameters = new TorchParameters(runtime, method.parameters(), method.views());
    try {
      optimizer = new SgdMomentum(parameters);
      images = new TorchImages(runtime);
      metrics = new DeferredMetrics(runtime);
    } catch (RuntimeException | Error e) {
      parameters.close();
      throw e;
    }
    trained = new TorchNetwork(method.network(), parameters);
    evaluated = new TorchNetwork(method.encoder(), parameters);
    predicting = new TorchNetwork(method.network(), parameters);
  }

  @Override
  public Method method() {
    return method;
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, Rates rates) {
    return step(views, batch, size, NOTHING, rates);
  }

  @Override
  public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
    inputs.checkStep(views, batch, size, given);
    checkOpen("train");
    return inStep(
        batch,
        size,
        () -> {
          float[] values = Transfer.toArray(stepInScope(views, batch, size, given, rates));
          return new StepMetrics(values[0], values[1]);
        });
  }

  private <T> T inStep(int batch, int size, Supplier<T> step) {
    return TorchFailure.told(
        runtime.device(),
        () -> StepMemory.of(method, size, runtime.precision()),
        batch,
        () -> {
          runtime.enter();
          return NativeScope.freeing(step);
        });
  }

  /** Runs other work than steps, which records nothing. */
  private void evaluating(String action, Runnable work) {
    TorchFailure.told(
        runtime.device(),
        action,
        () -> {
          runtime.enter();
          NativeScope.evaluating(work);
          return null;
        });
  }

  @Override
  public List<StepMetrics> advance(float[] views, int batch, int size, float[] given, Rates rates) {
    inputs.checkStep(views, batch, size, given);
    checkOpen("train");
    return inStep(
        batch,
        size,
        () -> {
          Tensor pixels = images.load(views, method.views() * batch, size);
          return metrics.around(() -> step(pixels, batch, given, rates));
        });
  }

  @Override
  public List<StepMetrics> advance(DrawnViews drawn, Rates rates) {
    inputs.checkDrawn(drawn, cached.map(TorchPixels::count).orElse(0L));
    checkOpen("train");
    return inStep(
        drawn.batch(),
        drawn.spec().cropSize(),
        () -> {
          TorchViews maker = maker(drawn.spec());
          TorchBatch batch = maker.load(drawn);
          Tensor pixels = drawn.cached() ? cached.orElseThrow().all() : batch.pixels();
          return metrics.around(
              () -> step(made(maker, batch, pixels), drawn.batch(), NOTHING, rates));
        });
  }

  private TorchViews maker(AugmentSpec spec) {
    if (views.isEmpty() || !views.get().spec().equals(spec)) {
      views.ifPresent(TorchViews::close);
      views = Optional.empty();
      views = Optional.of(new TorchViews(runtime, spec));
    }
    return views.get();
  }

  private Tensor made(TorchViews maker, TorchBatch batch, Tensor pixels) {
    Tensor views = NativeScope.recording(false, () -> maker.make(batch, pixels));
    return runtime.precision() == Precision.BF16 ? views.to(torch.ScalarType.BFloat16) : views;
  }

  @Override
  public void cache(long pixels, Iterator<RgbImage> all) {
    checkOpen("cache images");
    cached.ifPresent(TorchPixels::close);
    cached = Optional.empty();
    cached =
        Optional.of(
            TorchFailure.told(
                runtime.device(),
                "cache images",
                () -> {
                  runtime.enter();
                  return TorchPixels.upload(runtime, pixels, all);
                }));
  }

  @Override
  public List<StepMetrics> settle() {
    checkOpen("read metrics");
    return TorchFailure.told(runtime.device(), "train", metrics::settle);
  }

  private Tensor stepInScope(float[] views, int batch, int size, float[] given, Rates rates) {
    return step(images.load(views, method.views() * batch, size), batch, given, rates);
  }

  /**
   * A step on pixels that are on the device. Needs a pointer scope, which will own what it returns.
   *
   * @param pixels normalised, [V·N, 3, S, S], view-major, in the type of the network's maps
   * @param batch N
   * @return loss and deviation of the output, [2], on the device; nothing has waited for them
   */
  Tensor step(Tensor pixels, int batch, float[] given, Rates rates) {
    parameters.clearGradients();
    List<Map<String, Tensor>> outputs = new ArrayList<>();
    for (int view = 0; view < method.views(); view++) {
      outputs.add(forward(view, pixels.narrow(0, (long) view * batch, batch)));
    }
    for (int block = 0; block < method.given(); block++) {
      Map<String, Tensor> beside = outputs.get(block);
      beside.put(Given.NAME, rows(given, block, beside.get(method.watched())));
    }
    Tensor loss = objective.loss(outputs);
    loss.backward();
    Tensor measured = torch.stack(new TensorVector(loss, objective.outputStd(outputs)));
    NativeScope.evaluating(() -> optimizer.update(rates));
    return measured;
  }

  /** A given block of rows, of the shape of another matrix. */
  private Tensor rows(float[] given, int block, Tensor like) {
    int length = Math.toIntExact(like.numel());
    FloatPointer data = new FloatPointer(length).put(given, block * length, length);
    return runtime.toDevice(torch.from_blob(data, Transfer.shape(like)));
  }

  @Override
  public void outputs(
      float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
    inputs.checkOutputs(views, batch, size, wanted, rows);
    checkOpen("compute outputs");
    evaluating(
        "compute outputs",
        () ->
            parameters.keepingStatistics(
                () -> {
                  Tensor pixels = images.load(views, method.views() * batch, size);
                  int at = 0;
                  for (Method.Output output : wanted) {
                    Tensor view = pixels.narrow(0, (long) output.view() * batch, batch);
                    Set<String> node = Set.of(output.node());
                    float[] values =
                        Transfer.toArray(
                            trained.forward(view, output.view(), true, node).get(output.node()));
                    System.arraycopy(values, 0, rows, at, values.length);
                    at += values.length;
                  }
                }));
  }

  /** What the loss reads of a view, recorded if the loss has a gradient by it. */
  private Map<String, Tensor> forward(int view, Tensor images) {
    return NativeScope.recording(
        method.differentiates(view),
        () -> {
          Map<String, Tensor> made = trained.forward(images, view, true, objective.nodes(view));
          made.replaceAll((node, output) -> output.to(torch.ScalarType.Float));
          return made;
        });
  }

  @Override
  public void encode(float[] pixels, int count, int size, float[] features) {
    encode(pixels, count, size, features, List.of(), List.of());
  }

  @Override
  public void encode(
      float[] pixels, int count, int size, float[] features, List<Tap> taps, List<float[]> maps) {
    checkOpen("encode");
    inputs.checkEncode(pixels, count, size, features);
    inputs.checkTaps(count, size, taps, maps);
    Network encoder = method.encoder();
    Map<String, UnaryOperator<Tensor>> wanted = new HashMap<>();
    wanted.put(encoder.output(), UnaryOperator.identity());
    taps.forEach(tap -> wanted.put(tap.node(encoder), map -> pooled(map, tap.side())));
    evaluating(
        "encode",
        () -> {
          Tensor input = images.load(pixels, count, size);
          Map<String, Tensor> made = evaluated.forward(input, 0, false, wanted);
          Transfer.copy(made.get(encoder.output()), features);
          for (int i = 0; i < taps.size(); i++) {
            Transfer.copy(made.get(taps.get(i).node(encoder)), maps.get(i));
          }
        });
  }

  @Override
  public void predict(float[] pixels, int count, int size, float[] predictions) {
    checkOpen("predict");
    inputs.checkPredict(pixels, count, size, predictions);
    String output = method.network().output();
    evaluating(
        "predict",
        () -> {
          Tensor input = images.load(pixels, count, size);
          Transfer.copy(
              predicting.forward(input, 0, false, Set.of(output)).get(output), predictions);
        });
  }

  /** From [N, C, H, W] to [N, C, side, side]. */
  private static Tensor pooled(Tensor map, int side) {
    return torch.adaptive_avg_pool2d(map, side, side);
  }

  @Override
  public SortedMap<String, simsiam.model.net.Tensor> exportWeights() {
    checkOpen("export weights");
    return parameters.exportWeights();
  }

  @Override
  public void importWeights(SortedMap<String, simsiam.model.net.Tensor> values) {
    checkOpen("import weights");
    parameters.importWeights(values);
  }

  @Override
  public SortedMap<String, simsiam.model.net.Tensor> exportOptimizer() {
    checkOpen("export momentum");
    return parameters.momentum().export();
  }

  @Override
  public void importOptimizer(SortedMap<String, simsiam.model.net.Tensor> buffers) {
    checkOpen("import momentum");
    parameters.importMomentum(buffers);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      images.close();
      views.ifPresent(TorchViews::close);
      cached.ifPresent(TorchPixels::close);
      metrics.close();
      parameters.close();
    }
  }

  /** Freed tensors must not be reached: that would end the process. */
  private void checkOpen(String action) {
    if (closed) {
      throw new IllegalStateException("Cannot " + action + ": the network is closed");
    }
  }
}
