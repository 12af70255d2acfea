package simsiam.pipelines.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import simsiam.pipelines.bench.Benchmarks;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.cli.call.Call;
import simsiam.pipelines.cli.call.Command;
import simsiam.pipelines.cli.call.ConfigArguments;
import simsiam.pipelines.cli.console.ExitCode;
import simsiam.pipelines.cli.console.Text;
import simsiam.pipelines.cli.console.UsageException;
import simsiam.pipelines.config.RunConfig;
import simsiam.pipelines.config.load.ConfigLoader;
import simsiam.pipelines.config.load.Suggestions;
import simsiam.pipelines.machine.Machine;
import simsiam.pipelines.stage.Json;
import simsiam.pipelines.stage.Versions;

/** Measures this machine. */
@CommandLine.Command(
    name = "bench",
    description = "Measure this machine at the work of a configuration.")
public final class BenchCommand extends Command {
  private static final String DEFAULT = "cifar10-small.yaml";

  /** Of the cores; above it other processes take a share that shows in the figures. */
  private static final double BUSY = 0.5;

  @Parameters(
      index = "0",
      paramLabel = "WHAT",
      description = {
        "train-step: an optimiser step, on each engine of this build, or on a CUDA device",
        "gpu: all of training on a CUDA device, checks, speed and short trainings: docs/gpu.md",
        "endurance: 10,000 steps on train.engine: time and memory of each tenth",
        "loader: views, with 1 thread up to all cores",
        "knn: classification of 10,000 features in a bank of 50,000",
        "evaluation: kNN and probe on up to 200,000 features of ResNet-50's width",
        "preprocess: the two data stages",
        "tracking: logging metrics",
        "tracking-outages: training beside an MLflow server that is hung, killed and started",
        "tracking-upload: 100,000 points and 500 files, one of 2 GB, to an MLflow server"
      })
  private String what;

  @Parameters(
      index = "1..*",
      paramLabel = "CONFIG key=value",
      description = "a YAML file (default: conf/" + DEFAULT + ") and values over those in it")
  private List<String> arguments = List.of();

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "train.device: auto, cpu, cuda or cuda:N")
  private String device;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description = "train.precision: fp32, tf32 or bf16")
  private String precision;

  @Option(names = "--batch", paramLabel = "N", description = "train.batch_size")
  private String batch;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  public BenchCommand(Call call) {
    super(call);
  }

  @Override
  public Integer call() throws IOException {
    if (!Benchmarks.NAMES.contains(what)) {
      throw new UsageException(
          String.format(
              "Cannot measure %s: expected one of %s%s",
              what,
              String.join(", ", Benchmarks.NAMES),
              Suggestions.didYouMean(what, Benchmarks.NAMES)));
    }
    RunConfig config = config();
    Machine machine = new Machine();
    double load = machine.load();
    BenchResult result = invoked().services().bench(what, config);
    if (json) {
      output().line(Json.pretty(json(config, result, machine, load)));
    } else {
      print(result, machine, load);
    }
    return ExitCode.OK;
  }

  private RunConfig config() {
    List<String> overrides = new ArrayList<>(arguments);
    boolean named = !overrides.isEmpty() && !overrides.get(0).contains("=");
    Path file =
        named
            ? Path.of(overrides.remove(0))
            : ConfigArguments.shipped().orElse(Path.of("conf")).resolve(DEFAULT);
    add("train.device", device, overrides);
    add("train.precision", precision, overrides);
    add("train.batch_size", batch, overrides);
    return new ConfigLoader(ConfigArguments.shipped()).load(file, overrides).config();
  }

  private static void add(String key, String value, List<String> overrides) {
    if (value != null) {
      overrides.add(key + "=" + value);
    }
  }

  private Map<String, Object> json(
      RunConfig config, BenchResult result, Machine machine, double load) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("benchmark", what);
    all.put("config", config.name());
    all.putAll(result.json());
    Map<String, Object> where = new LinkedHashMap<>();
    where.put("cpu", machine.model());
    where.put("cores", machine.cores());
    where.put("cpu_flags", machine.flags());
    where.put("load_average_before", load);
    where.put("memory", machine.memory());
    where.put("versions", Versions.current());
    all.put("machine", where);
    return all;
  }

  private void print(BenchResult result, Machine machine, double load) throws IOException {
    output().line(result.subject());
    output().line("");
    Text.rows(result.table()).forEach(output()::line);
    output().line("");
    if (!result.parts().isEmpty()) {
      Text.rows(result.partsTable()).forEach(output()::line);
      output().line("");
    }
    result.notes().forEach(output()::line);
    output()
        .line(
            String.format(Locale.ROOT, "%s; load average before: %.2f", machine.processor(), load));
    if (load > BUSY * machine.cores()) {
      output().line("The machine was busy with other work: rates by the clock come out too low.");
    }
  }
}
