package simsiam.pipelines.bench.measure;

import java.io.IOException;
import simsiam.pipelines.config.RunConfig;

/** A measurement of this machine at the work of a configuration. */
@FunctionalInterface
public interface Benchmark {
  /** Measures; takes from seconds to minutes. */
  BenchResult run(RunConfig config) throws IOException;
}
