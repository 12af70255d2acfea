package simsiam.pipelines.preprocess;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.util.construction.PipelineTranslation;
import simsiam.model.data.ImageEncoding;
import simsiam.pipelines.config.DatasetSpec;
import simsiam.pipelines.config.PreprocessSpec;
import simsiam.pipelines.config.SourceKind;
import simsiam.pipelines.source.ImageSource;
import simsiam.pipelines.source.digest.DigestCache;
import simsiam.pipelines.source.digest.SourceContents;
import simsiam.pipelines.source.sets.ImageSources;

/**
 * What it takes to plan a set in a store, of up to a hundred million made-up files of some thirty
 * bytes each: run by hand, with a folder to work in, the number of classes and that of the files of
 * each, and {@code list} or {@code chunks} where it is to end with that. After {@code ./mvnw -pl
 * pipelines -am test-compile}, with a class path from {@code dependency:build-classpath}:
 *
 * <pre>
 * java -Xmx512m -Djava.io.tmpdir=WORK -cp ... simsiam.pipelines.preprocess.SimulatedPlan WORK 1000 1300
 * </pre>
 *
 * Prints a line for each phase: seconds of processor time and of the clock, megabytes of heap in
 * use after a collection, at most resident (with what is mapped from files) and resident without
 * that, and megabytes of files: mapped ones that have no name any more, and those in the folder.
 */
final class SimulatedPlan {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Path work;
  private long cpu = SYSTEM.getProcessCpuTime();
  private long clock = System.nanoTime();

  private SimulatedPlan(Path work) {
    this.work = work;
  }

  /** Work that is measured. */
  private interface Phase<T> {
    T run() throws IOException;
  }

  private <T> T measure(String name, Phase<T> phase) throws IOException {
    T result = phase.run();
    double seconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
    double passed = (System.nanoTime() - clock) / 1e9;
    System.gc();
    Runtime java = Runtime.getRuntime();
    System.out.printf(
        Locale.ROOT,
        "%-10s cpu %7.1f s, clock %7.1f s, heap %4d MB, resident at most %5d MB, without files %4d MB, spooled %5d MB, in %s %5d MB%n",
        name,
        seconds,
        passed,
        (java.totalMemory() - java.freeMemory()) >> 20,
        status("VmHWM:"),
        status("RssAnon:"),
        spooled() >> 20,
        work,
        files() >> 20);
    cpu = SYSTEM.getProcessCpuTime();
    clock = System.nanoTime();
    return result;
  }

  /** A line of Linux's account of this process, in megabytes. */
  private static long status(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .sum();
  }

  /** Bytes of the files that are mapped and gone. */
  private static long spooled() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.contains(".spool"))
          .map(line -> line.split("[- ]", 3))
          .mapToLong(range -> Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16))
          .sum();
    }
  }

  private long files() throws IOException {
    try (Stream<Path> tree = Files.walk(work)) {
      return tree.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private void plan(String place, String last) throws IOException {
    ImageSource source =
        ImageSources.open(
            DatasetSpec.of(SourceKind.IMAGE_FOLDER, place, false, 0), Path.of("nowhere"));
    long images = measure("list", source::listing).splits().get(0).images().orElseThrow();
    System.out.printf(Locale.ROOT, "%d images%n", images);
    if (last.equals("list")) {
      return;
    }
    SourceContents contents =
        measure(
            "digest",
            () -> {
              DigestCache cache = DigestCache.open(work.resolve("digests"));
              SourceContents found = source.contents(cache);
              cache.save();
              return found;
            });
    int graph =
        measure(
            "chunks",
            () ->
                PipelineTranslation.toProto(
                        new PreprocessPipeline(
                                source,
                                contents,
                                new PreprocessSpec(0, 0, ImageEncoding.ORIGINAL, 0.1))
                            .pipeline(
                                work,
                                Files.createDirectories(work.resolve("scratch")),
                                PipelineOptionsFactory.create()))
                    .getSerializedSize());
    System.out.printf(Locale.ROOT, "a job of %d bytes, digest %s%n", graph, contents.digest());
    if (last.equals("chunks")) {
      return;
    }
    ImageSource again =
        ImageSources.open(
            DatasetSpec.of(SourceKind.IMAGE_FOLDER, place, false, 0), Path.of("nowhere"));
    SourceContents later =
        measure("again", () -> again.contents(DigestCache.open(work.resolve("digests"))));
    System.out.println(contents.changesUntil(later, 3).orElse("unchanged"));
  }

  public static void main(String[] arguments) throws IOException {
    Path work = Files.createDirectories(Path.of(arguments[0]));
    new SimulatedPlan(work)
        .plan(
            "simulated://%sx%s/".formatted(arguments[1], arguments[2]),
            arguments.length > 3 ? arguments[3] : "again");
  }
}
