package simsiam.pipelines.bench;

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
 * rates, channels-last, as many threads. It can take steps, and nothing else.
 */
final class PyTorchEngine implements Engine {
  private final String python;
  private final int threads;
  private final Precision precision;
  private final boolean compiled;
  private String version = "";
  private long peakBytes;

  /**
   * One that computes in float32, or in bf16 by {@code torch.autocast}.
   *
   * @param compiled by {@code torch.compile} before its first step, which takes a C++ compiler
   */
  PyTorchEngine(String python, int threads, Precision precision, boolean compiled) {
    this.python = python;
    this.threads = threads;
    this.precision = precision;
    this.compiled = compiled;
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
    return compiled ? "pytorch compiled" : "pytorch";
  }

  @Override
  public String describe() {
    return "PyTorch %s in %s, %s, %s threads"
        .formatted(version, python, OperationRates.word(precision), threads);
  }

  @Override
  public int threads() {
    return threads;
  }

  /** Resident memory of its process at its highest. */
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
      try {
        if (peer == null) {
          start(views, batch, size, rates);
        }
        JsonNode answer = peer.turn("step");
        version = answer.get("version").asText();
        peakBytes = answer.get("peak").asLong();
        return new StepMetrics(answer.get("loss").asDouble(), Double.NaN);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void start(float[] views, int batch, int size, Rates rates) throws IOException {
      work = Files.createTempDirectory("simsiam-bench-");
      Safetensors.of(weights).write(work.resolve("weights"));
      ByteBuffer pixels =
          ByteBuffer.allocate(Float.BYTES * views.length).order(ByteOrder.LITTLE_ENDIAN);
      pixels.asFloatBuffer().put(views);
      Files.write(work.resolve("views"), pixels.array());
      Path file = work.resolve("parameters.json");
      Files.writeString(file, CanonicalJson.compact(parameters(batch, size, rates)));
      peer = PythonPeer.start(python, threads, "train_step.py", work, file.toString());
    }

    private Map<String, Object> parameters(int batch, int size, Rates rates) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("arch", spec.encoder().arch().name().toLowerCase(Locale.ROOT));
      all.put("stem", spec.encoder().stem().name().toLowerCase(Locale.ROOT));
      all.put("width", spec.encoder().width());
      all.put("features", spec.encoder().featureDim());
      all.put("layers", spec.projector().layers());
      all.put("dim", spec.projector().dim());
      all.put("hidden", spec.predictor().hidden());
      all.put("batch", batch);
      all.put("size", size);
      all.put("rate", rates.encoder());
      all.put("momentum", rates.momentum());
      all.put("decay", rates.weightDecay());
      all.put("threads", threads);
      all.put("compiled", compiled);
      all.put("bf16", precision == Precision.BF16);
      all.put("weights", work.resolve("weights").toString());
      all.put("views", work.resolve("views").toString());
      return all;
    }

    @Override
    public void encode(float[] images, int count, int size, float[] features) {
      throw new UnsupportedOperationException("PyTorch is here to take steps alone");
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
