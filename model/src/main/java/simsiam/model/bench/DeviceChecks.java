package simsiam.model.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkLayout;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.Tensor;

/**
 * Whether an engine on a device does what every engine must: one step against another engine's in
 * float32, features, running statistics, bits that repeat and continue, metrics that are read late.
 *
 * @param batch N, images a step
 * @param size S, pixels a side
 */
public record DeviceChecks(MeasuredEngines engines, NetworkSpec network, int batch, int size) {
  private static final float[] NOTHING = {};

  /** Without weight decay the momentum after the first step is the gradient. */
  private static final Rates RATES = new Rates(0.03, 0.03, 0.9, 0);

  private static final double SINGLE_LOSS = 1e-5;
  private static final double HALF_LOSS = 1e-2;
  private static final double GRADIENT = 1e-3;

  /** Of a pixel's value: a few roundings of float32. */
  private static final float ROUNDINGS = 1e-6f;

  /** Tries at rounding pixels otherwise. */
  private static final int ROUNDED = 5;

  private static final double FEATURES = 1e-3;

  /**
   * What was found of one thing.
   *
   * @param limit that it may reach at most; NaN: it is shown alone
   */
  public record Check(String name, double found, double limit) {
    public boolean passes() {
      return Double.isNaN(limit) || found <= limit;
    }
  }

  /** Every check, in order. */
  public List<Check> run() {
    List<Check> checks = new ArrayList<>();
    try (TrainingNet expected = net(engines.reference())) {
      double loss = step(expected, 0).loss();
      double gradients = Math.max(GRADIENT, 2 * movedByRounding(expected.exportOptimizer()));
      for (Precision precision : engines.precisions()) {
        boolean half = precision != Precision.FP32;
        try (TrainingNet net = net(engines.engine(precision, false))) {
          String word = precision.name().toLowerCase(Locale.ROOT);
          double difference = Math.abs(step(net, 0).loss() - loss);
          checks.add(
              new Check("loss of one step, " + word, difference, half ? HALF_LOSS : SINGLE_LOSS));
          checks.add(
              new Check(
                  "gradient, relative, " + word,
                  distance(net.exportOptimizer(), expected.exportOptimizer()),
                  half ? Double.NaN : gradients));
          checks.add(
              new Check(
                  "running statistics, relative, " + word,
                  distance(running(net), running(expected)),
                  half ? Double.NaN : GRADIENT));
          net.importWeights(expected.exportWeights());
          checks.add(
              new Check(
                  "features, relative, " + word,
                  distance(features(net), features(expected)),
                  half ? Double.NaN : FEATURES));
        }
      }
    }
    checks.add(new Check("bits that differ when steps are repeated", repeated(), 0));
    checks.add(new Check("bits that differ when steps are continued", continued(), 0));
    checks.add(new Check("losses that differ when read late", readLate(), 0));
    return checks;
  }

  /**
   * How far the reference's own gradient moves at most when pixels are rounded otherwise: where
   * that takes the input of a ReLU to the other side of zero, a part of the gradient comes or goes.
   */
  private double movedByRounding(SortedMap<String, Tensor> gradient) {
    double most = 0;
    for (int i = 0; i < ROUNDED; i++) {
      SplittableRandom random = new SplittableRandom(i);
      float[] rounded = pixels(0);
      for (int j = 0; j < rounded.length; j++) {
        rounded[j] *= 1 + ROUNDINGS * (random.nextInt(3) - 1);
      }
      try (TrainingNet net = net(engines.reference())) {
        net.step(rounded, batch, size, RATES);
        most = Math.max(most, distance(net.exportOptimizer(), gradient));
      }
    }
    return most;
  }

  /** Of the roughest precision, whose bits must repeat as well. */
  private Engine rough() {
    List<Precision> all = engines.precisions();
    return engines.engine(all.get(all.size() - 1), true);
  }

  private TrainingNet net(Engine engine) {
    return engine.create(network, NetworkLayout.of(network).initialise(1));
  }

  private StepMetrics step(TrainingNet net, int number) {
    return net.step(pixels(number), batch, size, RATES);
  }

  private float[] pixels(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[Method.of(network).views() * batch * size * size * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }

  private SortedMap<String, Tensor> features(TrainingNet net) {
    float[] features = new float[batch * net.featureDim()];
    net.encode(pixels(99), batch, size, features);
    SortedMap<String, Tensor> named = new TreeMap<>();
    named.put("features", Tensor.of(features, batch, net.featureDim()));
    return named;
  }

  private static SortedMap<String, Tensor> running(TrainingNet net) {
    SortedMap<String, Tensor> weights = new TreeMap<>(net.exportWeights());
    weights.keySet().removeIf(name -> !name.contains("running_"));
    return weights;
  }

  /** L2 distance of all values together relative to the second's norm. */
  private static double distance(
      SortedMap<String, Tensor> found, SortedMap<String, Tensor> expected) {
    double difference = 0;
    double norm = 0;
    for (var entry : expected.entrySet()) {
      float[] b = entry.getValue().data();
      float[] a = found.get(entry.getKey()).data();
      for (int i = 0; i < b.length; i++) {
        difference += Math.pow((double) a[i] - b[i], 2);
        norm += (double) b[i] * b[i];
      }
    }
    return Math.sqrt(difference / norm);
  }

  /** How many values of the weights have other bits. */
  private static double differing(TrainingNet one, TrainingNet other) {
    SortedMap<String, Tensor> expected = one.exportWeights();
    long count = 0;
    for (var entry : other.exportWeights().entrySet()) {
      float[] a = entry.getValue().data();
      float[] b = expected.get(entry.getKey()).data();
      for (int i = 0; i < a.length; i++) {
        count += Float.floatToRawIntBits(a[i]) == Float.floatToRawIntBits(b[i]) ? 0 : 1;
      }
    }
    return count;
  }

  private double repeated() {
    Engine engine = rough();
    try (TrainingNet one = net(engine);
        TrainingNet other = net(engine)) {
      for (int i = 0; i < 3; i++) {
        step(one, i);
      }
      for (int i = 0; i < 3; i++) {
        step(other, i);
      }
      return differing(one, other);
    }
  }

  private double continued() {
    Engine engine = rough();
    try (TrainingNet whole = net(engine);
        TrainingNet resumed = net(engine)) {
      step(whole, 0);
      step(whole, 1);
      resumed.importWeights(whole.exportWeights());
      resumed.importOptimizer(whole.exportOptimizer());
      step(whole, 2);
      step(resumed, 2);
      return differing(whole, resumed);
    }
  }

  private double readLate() {
    Engine engine = engines.engine(Precision.FP32, true);
    try (TrainingNet direct = net(engine);
        TrainingNet deferred = net(engine)) {
      List<StepMetrics> expected = new ArrayList<>();
      List<StepMetrics> told = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        expected.add(step(direct, i));
        told.addAll(deferred.advance(pixels(i), batch, size, NOTHING, RATES));
      }
      told.addAll(deferred.settle());
      return told.equals(expected) ? 0 : 1;
    }
  }
}
