package simsiam.pipelines.stages.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import simsiam.eval.features.FeatureSet;
import simsiam.eval.knn.KnnClassifier;
import simsiam.eval.knn.KnnSpec;
import simsiam.eval.probe.LogisticProbe;
import simsiam.eval.probe.ProbeSpec;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.Precision;
import simsiam.model.file.CanonicalJson;
import simsiam.model.train.EngineSelection;
import simsiam.model.train.spec.EngineChoice;

/**
 * Native threads can be chosen for a whole process alone: each number has one of its own. Were the
 * probe's gradient summed over 4,096 rows a product, its results at 1 and 8 threads would differ in
 * their tenth digit.
 */
class EvaluationThreadsTest {
  /** More than a pass, and more than a block, of rows. */
  private static final int IMAGES = 9000;

  private static final int DIM = 96;
  private static final int CLASSES = 7;

  /** What a process of so many native threads and Java threads finds. */
  private static List<String> found(int nativeThreads, int javaThreads)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + javaThreads,
                "-cp",
                System.getProperty("java.class.path"),
                EvaluationThreadsTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(nativeThreads));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().filter(line -> line.matches("(threads|kNN|probe) .*")).toList();
  }

  @Test
  void kNNAndProbeAreTheSameBitForBitOnAnyNumberOfThreads()
      throws IOException, InterruptedException {
    List<String> one = found(1, 1);
    assertThat(one).hasSize(3).first().isEqualTo("threads 1");
    for (int threads : new int[] {2, 8}) {
      List<String> several = found(threads, 3);
      assertThat(several).hasSize(3).first().isEqualTo("threads " + threads);
      assertThat(several.subList(1, 3)).isEqualTo(one.subList(1, 3));
    }
  }

  /** Prints what is found on made-up features. */
  public static void main(String[] arguments) {
    Engine engine = EngineSelection.of(EngineChoice.ND4J, Device.CPU, Precision.FP32).engine();
    FeatureSet train = features(IMAGES, 1);
    FeatureSet test = features(IMAGES / 4, 2);
    System.out.println("threads " + engine.threads());
    System.out.println(
        "kNN "
            + CanonicalJson.compact(
                new KnnClassifier(new KnnSpec(20, 0.1), engine.linearAlgebra(), train)
                    .evaluate(test)
                    .report()));
    ProbeSpec probe = new ProbeSpec(List.of(0.001, 0.1), 0.2, 1e-5, 200);
    System.out.println(
        "probe "
            + CanonicalJson.compact(
                new LogisticProbe(probe, engine.linearAlgebra()).run(train, test, fit -> {})));
  }

  private static FeatureSet features(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count * DIM];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(CLASSES);
      for (int j = 0; j < DIM; j++) {
        double shift = j % CLASSES == labels[i] ? 0.4 : 0;
        values[i * DIM + j] = (float) (shift + random.nextGaussian());
      }
    }
    List<String> ids = IntStream.range(0, count).mapToObj(Integer::toString).toList();
    List<String> names = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    return new FeatureSet(DIM, values, labels, ids, names);
  }
}
