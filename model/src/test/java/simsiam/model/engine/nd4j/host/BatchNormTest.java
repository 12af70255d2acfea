package simsiam.model.engine.nd4j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import simsiam.model.engine.nd4j.Networks;
import simsiam.model.engine.nd4j.kernels.Arena;
import simsiam.model.engine.nd4j.kernels.Binding.Context;
import simsiam.model.engine.nd4j.kernels.FeatureMap;
import simsiam.model.engine.nd4j.kernels.Kernel;
import simsiam.model.engine.nd4j.kernels.Operation;
import simsiam.model.engine.nd4j.kernels.Operation.Kind;
import simsiam.model.engine.nd4j.kernels.Parameters;
import simsiam.model.engine.nd4j.plan.Layer.Mask;
import simsiam.model.engine.nd4j.plan.MapShape;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Node;
import simsiam.model.net.ParameterSpec.Initial;
import simsiam.model.net.ProjectorSpec;

/** Batch norm on its own: {@code backbone.bn1} of the small network, which has four channels. */
class BatchNormTest {
  private static final int CHANNELS = 4;
  private static final int VIEWS = 2;
  private static final int ROWS = 600; // a view: more than one tile, the last one incomplete

  private final Workers workers = new Workers(2);
  private final Arena arena = new Arena();
  private final NetworkLayout layout = NetworkLayout.of(Networks.small());
  private final Parameters parameters = new Parameters(layout);
  private final FeatureMap y = arena.map(new MapShape(VIEWS * ROWS, 1, 1, CHANNELS));
  private final BatchNorm norm = norm(true);

  BatchNormTest() {
    parameters.importWeights(layout.initialise(1));
    put("weight", 1, 2, -1, 0.5);
    put("bias", 0.5, 0, 0.25, -1);
    Random random = new Random(2);
    for (int row = 0; row < VIEWS * ROWS; row++) {
      for (int c = 0; c < CHANNELS; c++) {
        // Each view and channel far from zero, where one pass over squares would cancel.
        double value = 1000 * c - 300 * (row / ROWS) + (c + 1) * random.nextGaussian();
        y.values().put(row * CHANNELS + c, (float) value);
      }
    }
  }

  private BatchNorm norm(boolean training) {
    Node.BatchNorm node =
        new Node.BatchNorm("backbone.bn1", "backbone.conv1", CHANNELS, true, Initial.ONE);
    return new BatchNorm(parameters, node, y, VIEWS, training, workers);
  }

  @AfterEach
  void close() {
    arena.close();
    parameters.close();
    workers.close();
  }

  @Test
  void normalisesEachViewByItsOwnStatistics() {
    double[][] expected = new double[VIEWS * ROWS][CHANNELS];
    for (int view = 0; view < VIEWS; view++) {
      for (int c = 0; c < CHANNELS; c++) {
        double[] values = column(view, c);
        double mean = mean(values);
        double std = Math.sqrt(variance(values) + 1e-5);
        for (int row = 0; row < ROWS; row++) {
          expected[view * ROWS + row][c] =
              (values[row] - mean) / std * get("weight", c) + get("bias", c);
        }
      }
    }
    FeatureMap out = arena.map(y.shape());
    norm.preparation().run();
    norm.apply(out, false).run();
    for (int i = 0; i < out.shape().size(); i++) {
      assertThat((double) out.values().get(i))
          .isCloseTo(expected[i / CHANNELS][i % CHANNELS], within(2e-3));
    }
  }

  @Test
  void movesRunningStatisticsOnceAViewByTheUnbiasedVariance() {
    double[] mean = {0, 0, 0, 0};
    double[] variance = {1, 1, 1, 1};
    for (int view = 0; view < VIEWS; view++) {
      for (int c = 0; c < CHANNELS; c++) {
        double[] values = column(view, c);
        mean[c] = 0.9 * mean[c] + 0.1 * mean(values);
        variance[c] = 0.9 * variance[c] + 0.1 * variance(values) * ROWS / (ROWS - 1);
      }
    }
    norm.preparation().run();
    for (int c = 0; c < CHANNELS; c++) {
      assertThat(get("running_mean", c)).isCloseTo(mean[c], within(1e-4));
      assertThat(get("running_var", c)).isCloseTo(variance[c], within(1e-5));
    }
  }

  @Test
  void evalModeUsesRunningStatisticsAndLeavesThem() {
    put("running_mean", 1, 1000, 2000, 3000);
    put("running_var", 4, 1, 0.25, 9);
    FeatureMap out = arena.map(y.shape());
    BatchNorm eval = norm(false);
    eval.preparation().run();
    eval.apply(out, true).run();
    double row0 = y.values().get(0);
    double expected = Math.max(0, (row0 - 1) / Math.sqrt(4 + 1e-5) * 1 + 0.5);
    assertThat((double) out.values().get(0)).isCloseTo(expected, within(1e-5));
    assertThat(get("running_mean", 0)).isEqualTo(1);
    assertThat(get("running_var", 3)).isEqualTo(9);
  }

  @Test
  void gradientOfAViewIsUntouchedByTheOther() {
    FeatureMap g = arena.map(y.shape());
    for (int i = 0; i < ROWS * CHANNELS; i++) {
      g.values().put(i, i % 7 - 3);
    }
    norm.preparation().run();
    norm.backward(g, null, Mask.NONE, null, y).forEach(Kernel::run);
    float[] first = new float[ROWS * CHANNELS];
    float[] second = new float[ROWS * CHANNELS];
    y.values().get(0, first);
    y.values().get(first.length, second);
    assertThat(first).isNotEqualTo(new float[first.length]);
    assertThat(second).containsOnly(0f);
  }

  /** Each tile that begins a view finds what its sums start from, both at the same time. */
  @Test
  void tilesOfTwoViewsAtOnceChangeNothing() {
    MapShape shape = new MapShape(VIEWS * 256, 1, 1, 2048);
    NetworkSpec wide = Networks.with(new ProjectorSpec(2, 2048, true, true, true));
    NetworkLayout wideLayout = NetworkLayout.of(wide);
    Context context = new Context(arena, VIEWS, true);
    try (Parameters own = new Parameters(wideLayout)) {
      own.importWeights(wideLayout.initialise(1));
      FeatureMap maps = arena.map(shape);
      for (int i = 0; i < shape.size(); i++) {
        maps.values().put(i, i % 7 + (i < shape.size() / VIEWS ? 0 : 1e6f));
      }
      Node.BatchNorm node =
          new Node.BatchNorm("projector.1", "projector.0", 2048, true, Initial.ONE);
      BatchNorm tiled = new BatchNorm(own, node, maps, VIEWS, true, workers);
      Kernel whole = tiled.preparation();
      whole.run();
      float[][] expected = {tiled.scale[0].clone(), tiled.scale[1].clone()};
      Tiling tiling = Tiling.of(shape, VIEWS);
      AtomicInteger begun = new AtomicInteger();
      PartLoop together =
          new PartLoop(
              tiling,
              workers,
              List.of(maps),
              (part, scratch) -> {
                if (part % tiling.partsPerView() == 0) {
                  int both = (begun.getAndIncrement() / VIEWS + 1) * VIEWS;
                  while (begun.get() < both) {
                    Thread.onSpinWait();
                  }
                }
              });
      List<Operation> chain =
          TiledChain.arranged(
              List.of(
                  new Operation(Kind.POOLING, together),
                  new Operation(Kind.NORM_FORWARD, tiled.preparation())),
              workers,
              context);
      assertThat(chain).hasSize(1);
      for (int i = 0; i < 500; i++) {
        chain.get(0).kernel().run();
        assertThat(tiled.scale[0]).isEqualTo(expected[0]);
        assertThat(tiled.scale[1]).isEqualTo(expected[1]);
      }
    }
  }

  private double[] column(int view, int channel) {
    double[] values = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      values[row] = y.values().get((view * ROWS + row) * CHANNELS + channel);
    }
    return values;
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }

  private void put(String name, double... values) {
    parameters.get("backbone.bn1." + name).write(values);
  }

  private double get(String name, int channel) {
    double[] values = new double[CHANNELS];
    parameters.get("backbone.bn1." + name).read(values);
    return values[channel];
  }
}
