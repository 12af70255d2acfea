package simsiam.pipelines.bench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import simsiam.model.file.FileTree;
import simsiam.pipelines.bench.measure.BenchResult;
import simsiam.pipelines.bench.measure.Figure;
import simsiam.pipelines.bench.measure.PythonPeer;
import simsiam.pipelines.bench.measure.Rounds;
import simsiam.pipelines.config.RunConfig;

/** The data stages over a folder of image files, beside a script with Pillow and pyarrow. */
public record FolderComparison(int rounds) {
  private static final String OURS = "preprocess";
  private static final String THEIRS = "Pillow and pyarrow";

  public BenchResult run(RunConfig config, Path work) throws IOException {
    Optional<String> python = PythonPeer.python();
    Rounds first = new Rounds();
    Rounds rates = new Rounds();
    PreprocessResult last;
    if (python.isPresent()) {
      try (PythonPeer peer = peer(python.get(), config, work)) {
        last = measure(config, work, first, rates, Optional.of(peer));
      }
    } else {
      last = measure(config, work, first, rates, Optional.empty());
    }
    return new BenchResult(
        String.format(
            Locale.ROOT,
            "Data stages: %,d files, shorter side to %d, stored as %s, on the Direct runner",
            last.images(),
            config.preprocess().resizeShorterSide(),
            config.preprocess().encoding().name().toLowerCase(Locale.ROOT)),
        rates.names().stream().map(name -> row(name, last.images(), rates.median(name))).toList(),
        notes(first, rates, python));
  }

  private static List<Figure> row(String name, long images, double rate) {
    return PreprocessBench.row(name, images / rate, rate);
  }

  private List<String> notes(Rounds first, Rounds rates, Optional<String> python) {
    List<String> notes = new ArrayList<>();
    notes.add(
        String.format(
            Locale.ROOT,
            "Medians of %d turns after a first one, which includes start-up: preprocess %,.0f"
                + " images/s in that.",
            rounds,
            first.median(OURS)));
    notes.add(
        python.isPresent()
            ? String.format(
                Locale.ROOT,
                "preprocess is %.2f times as fast as Python with a process for each core.",
                rates.ratio(OURS, THEIRS))
            : "For Python beside it: %s=a Python with Pillow, numpy and pyarrow"
                .formatted(PythonPeer.VARIABLE));
    return notes;
  }

  private PreprocessResult measure(
      RunConfig config, Path work, Rounds first, Rounds rates, Optional<PythonPeer> peer)
      throws IOException {
    PreprocessBenchmark benchmark = new PreprocessBenchmark(List.of());
    PreprocessResult result = null;
    for (int round = -1; round < rounds; round++) {
      Rounds into = round < 0 ? first : rates;
      result = benchmark.time(config.dataset(), config.preprocess(), work);
      into.add(OURS, result.preprocessImagesPerSecond());
      into.add("shard", result.shardImagesPerSecond());
      if (peer.isPresent()) {
        Path output = Files.createTempDirectory(work, "python-");
        var turn = peer.get().turn(output.toString());
        into.add(THEIRS, turn.get("images").asDouble() / turn.get("seconds").asDouble());
        FileTree.delete(output);
      }
    }
    return result;
  }

  private static PythonPeer peer(String python, RunConfig config, Path work) throws IOException {
    return PythonPeer.start(
        python,
        "preprocess.py",
        work,
        config.dataset().path(),
        String.valueOf(config.preprocess().resizeShorterSide()),
        config.preprocess().encoding().name().toLowerCase(Locale.ROOT),
        String.valueOf(Runtime.getRuntime().availableProcessors()));
  }
}
