package simsiam.pipelines.preprocess;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import simsiam.model.config.InvalidConfigException;
import simsiam.model.file.FileTree;

/**
 * Reads damaged files, each a function of the seed and its number, and reports what is neither a
 * result of the right size nor a clean refusal: a hang, an error, an exception without a message of
 * our form. A process of its own, so that its heap is small and a crash is seen.
 */
final class ReaderFuzz {
  static final int FINDINGS = 1;

  /** Far beyond what any of these small files takes, even on a busy machine. */
  private static final long DEADLINE_SECONDS = 30;

  private final long seed;
  private final Path work;
  private final List<FuzzTarget> images;
  private final List<FuzzTarget> sets;
  private final List<byte[]> corpus = new ArrayList<>();
  private final Map<String, int[]> counts = new TreeMap<>();
  private final List<String> findings = new ArrayList<>();
  private long slowestMillis;

  private ReaderFuzz(long seed, Path work, List<FuzzTarget> targets) throws IOException {
    this.seed = seed;
    this.work = work;
    this.images = targets.stream().filter(FuzzTarget::isImage).toList();
    this.sets = targets.stream().filter(target -> !target.isImage()).toList();
    for (FuzzTarget target : targets) {
      for (byte[] file : target.sound()) {
        if (file.length > 0) {
          corpus.add(file);
        }
      }
    }
  }

  /** {@code inputs seed [first]}: prints a table, exits with 1 if there are findings. */
  @SuppressWarnings("SystemOut") // a program of its own: the test reads what it prints
  public static void main(String[] args) throws Exception {
    int inputs = Integer.parseInt(args[0]);
    int first = args.length > 2 ? Integer.parseInt(args[2]) : 0;
    Path work = Files.createTempDirectory("fuzz");
    ReaderFuzz fuzz =
        new ReaderFuzz(Long.parseLong(args[1]), work, FuzzTargets.make(work.resolve("sound")));
    fuzz.readSoundFiles();
    long start = System.nanoTime();
    ExecutorService thread = Executors.newSingleThreadExecutor(ReaderFuzz::daemon);
    for (int i = first; i < first + inputs && fuzz.findings.size() < 20; i++) {
      fuzz.one(i, thread);
    }
    thread.shutdownNow();
    System.out.println(fuzz.report((System.nanoTime() - start) / 1_000_000));
    System.out.flush();
    FileTree.delete(work);
    System.exit(fuzz.findings.isEmpty() ? 0 : FINDINGS);
  }

  /** One that hangs does not keep the process. */
  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "reader");
    thread.setDaemon(true);
    return thread;
  }

  /** Else nothing that is refused later would mean anything. */
  private void readSoundFiles() throws IOException {
    for (List<FuzzTarget> group : List.of(images, sets)) {
      for (FuzzTarget target : group) {
        if (target.reader().read(copy(target, -1, null)) < 1) {
          throw new IllegalStateException("Cannot fuzz: expected sound files, got " + target);
        }
      }
    }
  }

  private void one(int number, ExecutorService thread) throws Exception {
    Random random = new Random(seed * 1_000_003 + number);
    List<FuzzTarget> group = number % 2 == 0 ? images : sets;
    FuzzTarget target = group.get(number / 2 % group.size());
    int file = random.nextInt(target.files().size());
    byte[] damaged =
        new Mutator(random, corpus)
            .mutate(Files.readAllBytes(target.root().resolve(target.files().get(file))));
    Path place = copy(target, file, damaged);
    int[] count = counts.computeIfAbsent(target.name(), name -> new int[4]);
    count[0]++;
    long start = System.nanoTime();
    Future<Long> reading = thread.submit(() -> target.reader().read(place));
    try {
      count[reading.get(DEADLINE_SECONDS, TimeUnit.SECONDS) > 0 ? 1 : 2]++;
    } catch (ExecutionException e) {
      count[3]++;
      if (!refused(e.getCause())) {
        finding(number, target, e.getCause());
      }
    } catch (TimeoutException e) {
      finding(number, target, e);
      throw new IllegalStateException(String.join("\n", findings), e);
    }
    slowestMillis = Math.max(slowestMillis, (System.nanoTime() - start) / 1_000_000);
  }

  /** Whether a failure says what was expected, what was got and where, as the user reads it. */
  private static boolean refused(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    boolean kind =
        failure instanceof InvalidConfigException
            || failure instanceof IOException
            || failure instanceof UncheckedIOException
            || failure instanceof IllegalStateException;
    return kind && (message.startsWith("Cannot ") || message.startsWith("Invalid "));
  }

  private void finding(int number, FuzzTarget target, Throwable failure) {
    StringBuilder text =
        new StringBuilder(
            "input %s of seed %s (%s): %s".formatted(number, seed, target.name(), failure));
    for (Throwable t = failure; t != null; t = t.getCause()) {
      for (int i = 0; i < Math.min(12, t.getStackTrace().length); i++) {
        text.append("\n    at ").append(t.getStackTrace()[i]);
      }
      text.append("\n  because ").append(t.getCause());
    }
    findings.add(text.toString());
  }

  /** The target's folder anew, with one file in place of a sound one. */
  private Path copy(FuzzTarget target, int file, byte[] damaged) throws IOException {
    Path place = work.resolve("input");
    FileTree.delete(place);
    try (Stream<Path> sound = Files.walk(target.root())) {
      for (Path path : sound.filter(Files::isRegularFile).toList()) {
        Path to = place.resolve(target.root().relativize(path).toString());
        Files.createDirectories(to.getParent());
        Files.copy(path, to);
      }
    }
    if (damaged != null) {
      Files.write(place.resolve(target.files().get(file)), damaged);
    }
    return place;
  }

  private String report(long millis) {
    StringBuilder text = new StringBuilder();
    int[] all = new int[4];
    counts.forEach(
        (name, count) -> {
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-28s %6d inputs: %6d read, %6d without an image left, %6d refused%n",
                  name,
                  count[0],
                  count[1],
                  count[2],
                  count[3]));
          for (int i = 0; i < all.length; i++) {
            all[i] += count[i];
          }
        });
    text.append(
        String.format(
            Locale.ROOT,
            "%d inputs in %.1f s: %d read, %d without an image left, %d refused, %d findings; slowest %d ms%n",
            all[0],
            millis / 1000.0,
            all[1],
            all[2],
            all[3],
            findings.size(),
            slowestMillis));
    findings.forEach(finding -> text.append(finding).append('\n'));
    return text.toString();
  }
}
