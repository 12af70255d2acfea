package simsiam.pipelines.bench.training;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import simsiam.model.checkpoint.Safetensors;
import simsiam.model.engine.Device;
import simsiam.model.engine.Engine;
import simsiam.model.engine.LinearAlgebra;
import simsiam.model.engine.Precision;
import simsiam.model.engine.Rates;
import simsiam.model.engine.StepMetrics;
import simsiam.model.engine.TrainingNet;
import simsiam.model.file.CanonicalJson;
import simsiam.model.file.FileTree;
import simsiam.model.net.Method;
import simsiam.model.net.NetworkSpec;
import simsiam.model.net.PredictorKind;
import simsiam.model.net.Similarity;
import simsiam.model.net.Symmetry;
import simsiam.model.net.Targets;
import simsiam.model.net.Tensor;
import simsiam.pipelines.bench.measure.PythonPeer;

/**
 * PyTorch in the user's Python as one more engine of a comparison: the same weights, pixels and
 * rates, channels-last, as many threads. It can take steps, all on the pixels of the first one,
 * which are on its device from then on; or, if it is to train, each on its own, and encode.
 */
final class PyTorchEngine implements Engine {
  private final String python;
  private final int threads;
  private final Precision precision;
  private final Way way;
  private String version = "";
  private long peakBytes;

  /**
   * How it goes about it.
   *
   * @param device as PyTorch names it
   * @param compiled by {@code torch.compile} before its first step, which takes a C++ compiler
   * @param trains whether each step is on the pixels that it is given
   */
  record Way(Device device, boolean compiled, boolean trains) {}

  /** One that computes in float32, or in bf16 by {@code torch.autocast}. */
  PyTorchEngine(String python, int threads, Precision precision, Way way) {
    this.python = python;
    this.threads = threads;
    this.precision = precision;
    this.way = way;
  }

  /**
   * The C++ compiler that {@code torch.compile} finds: the one that {@code CXX} names, or g++ or
   * clang++ on the path.
   */
  static Optional<Path> compiler(Map<String, String> environment) {
    List<String> names =
        Optional.ofNullable(environment.get("CXX"))
            .filter(name -> !name.isBlank())
            .map(List::of)
            .orElse(List.of("g++", "clang++"));
    String folders = environment.getOrDefault("PATH", "");
    return names.stream()
        .flatMap(
            name ->
                Pattern.compile(Pattern.quote(File.pathSeparator))
                    .splitAsStream(folders)
                    .map(folder -> Path.of(folder).resolve(name)))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** Whether the script knows this network: the paper's objective and heads. */
  static boolean knows(NetworkSpec network) {
    return network.predictor().kind() == PredictorKind.MLP
        && network.predictor().hiddenBatchNorm()
        && !network.predictor().outputBatchNorm()
        && network.projector().hiddenBatchNorm()
        && network.projector().outputBatchNorm()
        && network.projector().outputAffine()
        && network.objective().similarity() == Similarity.COSINE
        && network.objective().stopGradient()
        && network.objective().symmetry() == Symmetry.SYMMETRIC
        && network.objective().targets() == Targets.LIVE;
  }

  @Override
  public String name() {
    return way.compiled() ? "pytorch compiled" : "pytorch";
  }

  @Override
  public String describe() {
    return "PyTorch %s in %s, %s, %s%s, %s threads"
        .formatted(
            version,
            python,
            way.device(),
            OperationRates.word(precision),
            way.compiled() ? ", torch.compile" : "",
            threads);
  }

  @Override
  public int threads() {
    return threads;
  }

  /** Resident memory of its process at its highest, or of its CUDA device if it has one. */
  long peakBytes() {
    return peakBytes;
  }

  @Override
  public TrainingNet create(Method method, SortedMap<String, Tensor> weights) {
    throw new UnsupportedOperationException("PyTorch is here to take steps of SimSiam alone");
  }

  @Override
  public TrainingNet create(NetworkSpec spec, SortedMap<String, Tensor> weights) {
    return new Net(spec, weights);
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    throw new UnsupportedOperationException("PyTorch is here to take steps alone");
  }

  private final class Net implements TrainingNet {
    private final NetworkSpec spec;
    private final SortedMap<String, Tensor> weights;
    private Path work;
    private PythonPeer peer;
    private int size;
    private int untold;

    Net(NetworkSpec spec, SortedMap<String, Tensor> weights) {
      this.spec = spec;
      this.weights = weights;
    }

    @Override
    public Method method() {
      return Method.of(spec);
    }

    @Override
    public StepMetrics step(float[] views, int batch, int size, Rates rates) {
      start(views, batch, size, rates);
      if (!way.trains()) {
        return ordered(Map.of("do", "steps", "count", 1));
      }
      return ordered(
          Map.of(
              "do",
              "train",
              "rates",
              List.of(rates.encoder(), rates.predictor()),
              "views",
              written(views, 2 * batch * size * size * 3).toString()));
    }

    /** As with an engine of ours: what is not waited for is told when it is. */
    @Override
    public List<StepMetrics> advance(
        float[] views, int batch, int size, float[] given, Rates rates) {
      if (way.trains()) {
        return List.of(step(views, batch, size, rates));
      }
      start(views, batch, size, rates);
      untold++;
      return List.of();
    }

    @Override
    public List<StepMetrics> settle() {
      if (untold == 0) {
        return List.of();
      }
      int count = untold;
      untold = 0;
      return List.of(ordered(Map.of("do", "steps", "count", count)));
    }

    private StepMetrics ordered(Map<String, Object> order) {
      try {
        JsonNode answer = peer.turn(CanonicalJson.compact(order));
        version = answer.get("version").asText();
        peakBytes = answer.get("peak").asLong();
        return new StepMetrics(answer.get("loss").asDouble(), Double.NaN);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Path written(float[] values, int count) {
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, count))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values, 0, count);
      try {
        return Files.write(work.resolve("views"), bytes.array());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void start(float[] views, int batch, int side, Rates rates) {
      if (peer != null) {
        return;
      }
      size = side;
      try {
        work = Files.createTempDirectory("simsiam-bench-");
        Safetensors.of(weights).write(work.resolve("weights"));
        written(views, 2 * batch * size * size * 3);
        Path file = work.resolve("parameters.json");
        Files.writeString(file, CanonicalJson.compact(parameters(rates)));
        peer = PythonPeer.start(python, threads, "train_step.py", work, file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Map<String, Object> parameters(Rates rates) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("arch", spec.encoder().arch().name().toLowerCase(Locale.ROOT));
      all.put("stem", spec.encoder().stem().name().toLowerCase(Locale.ROOT));
      all.put("width", spec.encoder().width());
      all.put("features", spec.encoder().featureDim());
      all.put("layers", spec.projector().layers());
      all.put("dim", spec.projector().dim());
      all.put("hidden", spec.predictor().hidden());
      all.put("size", size);
      all.put("device", way.device().toString());
      all.put("compiled", way.compiled());
      all.put("tf32", precision == Precision.TF32);
      all.put("rate", rates.encoder());
      all.put("momentum", rates.momentum());
      all.put("decay", rates.weightDecay());
      all.put("threads", threads);
      all.put("bf16", precision == Precision.BF16);
      all.put("weights", work.resolve("weights").toString());
      all.put("views", work.resolve("views").toString());
      return all;
    }

    /** After a step, with which it is started. */
    @Override
    public void encode(float[] images, int count, int side, float[] features) {
      Path made = work.resolve("features");
      ordered(
          Map.of(
              "do",
              "encode",
              "views",
              written(images, count * size * size * 3).toString(),
              "features",
              made.toString()));
      try {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(made)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().get(features, 0, count * featureDim());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public SortedMap<String, Tensor> exportWeights() {
      throw new UnsupportedOperationException("PyTorch is here to take steps alone");
    }

    @Override
    public void importWeights(SortedMap<String, Tensor> replaced) {
      throw new UnsupportedOperationException("PyTorch is here to take steps alone");
    }

    @Override
    public SortedMap<String, Tensor> exportOptimizer() {
      throw new UnsupportedOperationException("PyTorch is here to take steps alone");
    }

    @Override
    public void importOptimizer(SortedMap<String, Tensor> buffers) {
      throw new UnsupportedOperationException("PyTorch is here to take steps alone");
    }

    @Override
    public void close() {
      if (peer != null) {
        peer.close();
      }
      if (work != null) {
        FileTree.delete(work);
      }
    }
  }
}
