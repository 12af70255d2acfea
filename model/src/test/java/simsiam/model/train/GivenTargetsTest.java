package simsiam.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static simsiam.model.train.TargetTrainings.BATCH;
import static simsiam.model.train.TargetTrainings.D;
import static simsiam.model.train.TargetTrainings.EPOCHS;
import static simsiam.model.train.TargetTrainings.HEALTHY;
import static simsiam.model.train.TargetTrainings.job;
import static simsiam.model.train.TargetTrainings.objective;
import static simsiam.model.train.TargetTrainings.pretrainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;

/** Which targets steps are given, and when they are made. */
class GivenTargetsTest {
  @TempDir Path folder;

  /** A network whose outputs are made up, which keeps what its steps are given. */
  private static final class Recorder implements Engine, TrainingNet {
    private final SplittableRandom random = new SplittableRandom(3);
    private final List<float[]> views = new ArrayList<>();
    private final List<float[]> viewsOfOutputs = new ArrayList<>();
    private final List<float[]> outputs = new ArrayList<>();
    private final List<Integer> stepsBeforeOutputs = new ArrayList<>();
    private final List<float[]> given = new ArrayList<>();
    private Method method;

    @Override
    public String name() {
      return "recorder";
    }

    @Override
    public String describe() {
      return "recorder";
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
      this.method = method;
      return this;
    }

    @Override
    public LinearAlgebra linearAlgebra() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Method method() {
      return method;
    }

    @Override
    public void outputs(
        float[] views, int batch, int size, List<Method.Output> wanted, float[] rows) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (float) (random.nextDouble() - 0.3);
      }
      stepsBeforeOutputs.add(given.size());
      viewsOfOutputs.add(views.clone());
      outputs.add(rows.clone());
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, Rates rates) {
      throw new UnsupportedOperationException();
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, float[] given, Rates rates) {
      this.views.add(views.clone());
      this.given.add(given.clone());
      return HEALTHY;
    }

    @Override
    public void encode(float[] images, int count, int size, float[] features) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SortedMap<String, Tensor> exportWeights() {
      return new TreeMap<>();
    }

    @Override
    public void importWeights(SortedMap<String, Tensor> weights) {}

    @Override
    public SortedMap<String, Tensor> exportOptimizer() {
      return new TreeMap<>();
    }

    @Override
    public void importOptimizer(SortedMap<String, Tensor> buffers) {}

    @Override
    public void close() {}
  }

  /** Of the same views as the steps', all made before the first step of their window. */
  @Test
  void alternatingTargetsAreOfTheStepsViewsAndMadeBeforeTheirWindow() {
    Recorder net = new Recorder();
    Pretrainer.Job job = job(objective(Targets.STEPS, 7, 0), PredictorKind.MLP, EPOCHS);

    pretrainer(net, job, folder, () -> false).run();

    assertThat(net.stepsBeforeOutputs)
        .containsExactly(0, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7, 7, 14);
    for (int step = 0; step < 15; step++) {
      assertThat(net.viewsOfOutputs.get(step)).isEqualTo(net.views.get(step));
      assertThat(net.given.get(step)).isEqualTo(net.outputs.get(step));
    }
  }

  /** Against the formula, in double precision, with images known by their views. */
  @Test
  void movingAveragesFollowTheirFormula() {
    Recorder net = new Recorder();
    Pretrainer.Job job = job(objective(Targets.MOVING_AVERAGE, 1, 0.8), PredictorKind.NONE, 3);
    pretrainer(net, job, folder, () -> false).run();

    Map<Integer, double[]> average = new HashMap<>();
    int seenAgain = 0;
    for (int step = 0; step < 15; step++) {
      int[] order = order(job, step);
      for (int i = 0; i < BATCH; i++) {
        double[] first = unit(net.outputs.get(step), i);
        double[] second = unit(net.outputs.get(step), BATCH + i);
        double[] before = average.get(order[i]);
        double m = before == null ? 0 : 0.8;
        seenAgain += before == null ? 0 : 1;
        double[] next = new double[D];
        for (int j = 0; j < D; j++) {
          double old = before == null ? 0 : before[j];
          float[] given = net.given.get(step);
          assertThat((double) given[i * D + j])
              .isCloseTo(m * old + (1 - m) * first[j], within(1e-6));
          assertThat((double) given[(BATCH + i) * D + j])
              .isCloseTo(m * old + (1 - m) * second[j], within(1e-6));
          next[j] = m * old + (1 - m) * (first[j] + second[j]) / 2;
        }
        average.put(order[i], next);
      }
    }
    assertThat(seenAgain).isGreaterThan(30);
  }

  /** Indices of the images of a step. */
  private static int[] order(Pretrainer.Job job, int step) {
    var epoch = TargetTrainings.images().epoch(job.seed(), step / 5 + 1, 0);
    int[] order = new int[BATCH];
    Arrays.setAll(order, i -> epoch.index(step % 5 * BATCH + i));
    return order;
  }

  private static double[] unit(float[] rows, int row) {
    double[] unit = new double[D];
    double norm = 0;
    for (int j = 0; j < D; j++) {
      unit[j] = rows[row * D + j];
      norm += unit[j] * unit[j];
    }
    for (int j = 0; j < D; j++) {
      unit[j] /= Math.sqrt(norm);
    }
    return unit;
  }
}
