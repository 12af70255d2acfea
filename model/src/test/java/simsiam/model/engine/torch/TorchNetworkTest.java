package simsiam.model.engine.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.model.net.Network;
import simsiam.model.net.Node;
import simsiam.model.net.Node.Add;
import simsiam.model.net.Node.BatchNorm;
import simsiam.model.net.Node.Convolution;
import simsiam.model.net.Node.GlobalAveragePool;
import simsiam.model.net.Node.Linear;
import simsiam.model.net.Node.MaxPool;
import simsiam.model.net.Node.Relu;
import simsiam.model.net.ParameterSpec;
import simsiam.model.net.ParameterSpec.Initial;
import simsiam.model.net.ReferenceNetwork;

/**
 * Networks in which a node is read more than once, or by another than in a ResNet: what is
 * overwritten or let go too early shows.
 */
class TorchNetworkTest {
  private static final int N = 4;
  private static final int SIDE = 6;

  private static final List<Node> NODES =
      List.of(
          new Relu("r0", "x"),
          new Add("a0", "r0", "x"),
          new Convolution("c1", "a0", 2, 3, 3, 1, 1),
          new BatchNorm("b1", "c1", 3, true, Initial.ONE),
          new Relu("r1", "b1"),
          new Add("a1", "b1", "r1"),
          new Relu("r2", "a1"),
          new Add("a2", "r2", "a1"),
          new Add("a3", "a2", "a2"),
          new BatchNorm("b2", "a3", 3, false, Initial.ONE),
          new Add("a4", "r2", "b2"),
          new MaxPool("m", "a4", 3, 2, 1),
          new Convolution("c3", "m", 3, 3, 1, 1, 0),
          new Relu("r3", "m"),
          new Convolution("c2", "r3", 3, 3, 1, 1, 0),
          new Add("a5", "r3", "c2"),
          new Add("a6", "c3", "a5"),
          new Relu("r4", "a6"),
          new Relu("r5", "r4"),
          new GlobalAveragePool("g", "r5"),
          new Linear("l1", "g", 3, 4, true),
          new Linear("l2", "g", 3, 4, false),
          new Relu("r6", "l1"),
          new Add("a7", "r6", "l2"));

  private final Network network = new Network("x", 2, NODES, Map.of());
  private final TorchRuntime runtime = TorchRuntime.open(TorchSettings.cpu());
  private final TorchParameters parameters = new TorchParameters(runtime, network.parameters(), 1);
  private final Map<String, double[]> exact = new HashMap<>();
  private final double[][][][] images = new double[N][2][SIDE][SIDE];

  TorchNetworkTest() {
    Random random = new Random(7);
    SortedMap<String, simsiam.model.net.Tensor> weights = new TreeMap<>();
    for (ParameterSpec spec : network.parameters()) {
      float[] values = new float[spec.size()];
      double[] wide = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            (float)
                (spec.name().endsWith("_var") ? 0.5 + random.nextDouble() : random.nextGaussian());
        wide[i] = values[i];
      }
      long[] shape = spec.shape().stream().mapToLong(Integer::longValue).toArray();
      weights.put(spec.name(), new simsiam.model.net.Tensor(shape, values));
      exact.put(spec.name(), wide);
    }
    parameters.importWeights(weights);
    for (double[][][] image : images) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
          }
        }
      }
    }
  }

  @AfterEach
  void close() {
    parameters.close();
  }

  private float[] pixels() {
    return flat(images);
  }

  private static float[] flat(double[][][][] maps) {
    List<Double> values = new ArrayList<>();
    for (double[][][] image : maps) {
      for (double[][] channel : image) {
        for (double[] row : channel) {
          for (double value : row) {
            values.add(value);
          }
        }
      }
    }
    float[] flat = new float[values.size()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = values.get(i).floatValue();
    }
    return flat;
  }

  private Map<String, float[]> forward(boolean training, boolean recorded, Set<String> wanted) {
    return NativeScope.freeing(
        () ->
            NativeScope.recording(
                recorded,
                () -> {
                  Tensor x = torch.from_blob(new FloatPointer(pixels()), N, 2, SIDE, SIDE);
                  Map<String, float[]> made = new HashMap<>();
                  new TorchNetwork(network, parameters)
                      .forward(x, 0, training, wanted)
                      .forEach((name, tensor) -> made.put(name, Transfer.toArray(tensor)));
                  assertThat(Transfer.toArray(x)).isEqualTo(pixels());
                  return made;
                }));
  }

  private static Set<String> all() {
    return NODES.stream().map(Node::name).collect(Collectors.toSet());
  }

  /** Recorded or not, wanted alone or with all others: what every node makes is the reference's. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void makesOfEveryNodeWhatTheReferenceMakes(boolean training) {
    Map<String, double[][][][]> expected =
        new ReferenceNetwork(network, exact, training).forward(images);
    for (boolean recorded : new boolean[] {false, true}) {
      Map<String, float[]> together = forward(training, recorded, all());
      assertThat(together.keySet()).isEqualTo(all());
      for (String name : all()) {
        float[] values = flat(expected.get(name));
        assertThat(together.get(name)).as(name).containsExactly(values, within(1e-4f));
        Map<String, float[]> alone = forward(training, recorded, Set.of(name));
        assertThat(alone.keySet()).containsExactly(name);
        assertThat(alone.get(name)).as(name).containsExactly(values, within(1e-4f));
      }
    }
  }

  /** Of a weighted sum of what the last node makes, against central differences. */
  @Test
  void autogradFindsWhatItNeedsOnTheWayBack() {
    String output = network.output();
    NativeScope.freeing(
        () -> {
          Tensor x = torch.from_blob(new FloatPointer(pixels()), N, 2, SIDE, SIDE);
          Tensor y =
              new TorchNetwork(network, parameters).forward(x, 0, true, Set.of(output)).get(output);
          y.mul(torch.from_blob(new FloatPointer(directions()), N, 4)).sum().backward();
          return null;
        });
    parameters
        .gradients()
        .export()
        .forEach(
            (name, gradient) -> {
              for (int i = 0; i < gradient.data().length; i++) {
                assertThat(gradient.data()[i])
                    .as("%s of %s", i, name)
                    .isCloseTo((float) derivative(name, i), within(2e-3f));
              }
            });
  }

  private static float[] directions() {
    float[] directions = new float[N * 4];
    for (int i = 0; i < directions.length; i++) {
      directions[i] = (float) Math.sin(1 + i);
    }
    return directions;
  }

  private double derivative(String name, int index) {
    double h = 1e-6;
    double kept = exact.get(name)[index];
    exact.get(name)[index] = kept + h;
    double above = weightedSum();
    exact.get(name)[index] = kept - h;
    double below = weightedSum();
    exact.get(name)[index] = kept;
    return (above - below) / (2 * h);
  }

  private double weightedSum() {
    double[][] rows =
        ReferenceNetwork.rows(
            new ReferenceNetwork(network, exact, true).forward(images).get(network.output()));
    double sum = 0;
    for (int i = 0; i < N * 4; i++) {
      sum += directions()[i] * rows[i / 4][i % 4];
    }
    return sum;
  }

  @Test
  void passesOnWhatANetworkWithoutNodesReads() {
    NativeScope.freeing(
        () -> {
          Tensor x = torch.from_blob(new FloatPointer(pixels()), N, 2, SIDE, SIDE);
          TorchNetwork none =
              new TorchNetwork(new Network("x", 2, List.of(), Map.of()), parameters);
          assertThat(Transfer.toArray(none.forward(x, 0, false, Set.of("x")).get("x")))
              .isEqualTo(pixels());
          return null;
        });
  }
}
