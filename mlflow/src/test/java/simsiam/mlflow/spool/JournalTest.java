package simsiam.mlflow.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.DatasetInput;
import simsiam.mlflow.ModelOutput.Registration;
import simsiam.mlflow.ModelRef;
import simsiam.mlflow.RunStatus;

class JournalTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void name() {
    path = folder.resolve("journal.jsonl");
  }

  private Journal open() throws Exception {
    return Journal.open(path, JournalState.of(path));
  }

  private List<Line> lines() throws Exception {
    List<Line> lines = new ArrayList<>();
    long offset = 0;
    List<Located> read = JournalReader.read(path, offset);
    while (!read.isEmpty()) {
      read.forEach(located -> lines.add(located.line()));
      offset = read.get(read.size() - 1).end();
      read = JournalReader.read(path, offset);
    }
    return lines;
  }

  @Test
  void entriesOfEveryKindAreReadAsWritten() throws Exception {
    DatasetInput input = new DatasetInput("n", "d", "local", "s", "{\"a\":1}", "{}", "train");
    List<Entry> entries =
        List.of(
            new Entry.Start("u", "e", "n\nä\"", ""),
            new Entry.Metrics(
                7, Map.of("a", Double.NaN, "b/c", -1e-300, "d", Double.NEGATIVE_INFINITY)),
            new Entry.Params(Map.of("k", "v\t")),
            new Entry.Tags(Map.of("t", "")),
            new Entry.Dataset(input),
            new Entry.Artifact("files/x", "", "plots/x.png", 12, 34, ""),
            new Entry.Model("encoder", "encoder", 60, Map.of("encoder.arch", "resnet18")),
            new Entry.Artifact("files/y", "encoder", "encoder.safetensors", 12, 34, "ab12"),
            new Entry.ModelReady(
                "encoder", Map.of("arch", "a\"b"), new Registration("r", "newest")),
            new Entry.ModelReady("plain", Map.of(), Registration.NONE),
            new Entry.ModelInput(new ModelRef("run-1", "encoder")),
            new Entry.ModelMetrics(
                new ModelRef("run-1", "encoder"), 99, 3, Map.of("eval/x", Double.NaN)),
            new Entry.Resume(99),
            new Entry.End(RunStatus.KILLED));
    try (Journal journal = open()) {
      entries.forEach(journal::append);
    }
    assertThat(lines().stream().map(Line::entry)).isEqualTo(entries);
    assertThat(lines().stream().map(Line::seq)).isEqualTo(LongStream.range(0, 14).boxed().toList());
  }

  @Test
  void aTornLastLineIsCutOffAndTheNumberingGoesOn() throws Exception {
    try (Journal journal = open()) {
      journal.append(new Entry.Metrics(1, Map.of("a", 1.0)));
    }
    Files.writeString(path, "{\"seq\":1,\"time\":5,\"met", StandardOpenOption.APPEND);
    assertThat(lines()).hasSize(1);
    try (Journal journal = open()) {
      journal.append(new Entry.Metrics(2, Map.of("a", 2.0)));
    }
    assertThat(lines().stream().map(Line::seq)).containsExactly(0L, 1L);
    assertThat(Files.readAllLines(path)).hasSize(2);
  }

  @Test
  void aBlockOfZerosIsReportedAndTheRestIsRead() throws Exception {
    try (Journal journal = open()) {
      journal.append(new Entry.Metrics(1, Map.of("a", 1.0)));
    }
    Files.write(path, new byte[] {0, 0, 0, '\n'}, StandardOpenOption.APPEND);
    try (Journal journal = open()) {
      journal.append(new Entry.Metrics(2, Map.of("a", 2.0)));
    }
    assertThat(lines()).hasSize(3);
    assertThat(lines().get(1).entry())
        .isInstanceOfSatisfying(
            Entry.Unreadable.class,
            bad -> assertThat(bad.reason()).startsWith("Cannot read a journal line: expected"));
  }

  @Test
  void aMetricThatIsNoNumberIsReported() throws Exception {
    String line = "{\"seq\":0,\"time\":5,\"step\":1,\"metrics\":{\"a\":\"1.%\"}}\n";
    Files.writeString(path, line);

    assertThat(lines().get(0).entry())
        .isInstanceOfSatisfying(
            Entry.Unreadable.class,
            bad -> assertThat(bad.reason()).startsWith("Cannot read a journal line: expected"));
  }

  @Test
  void aLineLongerThanAReadIsReadWhole() throws Exception {
    String text = "x".repeat(1 << 20);
    try (Journal journal = open()) {
      journal.append(new Entry.Tags(Map.of("t", text)));
      journal.append(new Entry.Tags(Map.of("t", "y")));
    }
    assertThat(lines().stream().map(Line::entry))
        .containsExactly(new Entry.Tags(Map.of("t", text)), new Entry.Tags(Map.of("t", "y")));
  }

  @Test
  void threadsAppendingAtOnceLoseAndMixNothing() throws Exception {
    try (Journal journal = open();
        JournalFlusher flusher = new JournalFlusher()) {
      flusher.add(journal);
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        String key = "k" + t;
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 5000; i++) {
                    journal.append(new Entry.Metrics(i, Map.of(key, 1.0 * i)));
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    List<Line> lines = lines();
    assertThat(lines).hasSize(40_000);
    long[] next = new long[8];
    for (int i = 0; i < lines.size(); i++) {
      Entry.Metrics metrics = (Entry.Metrics) lines.get(i).entry();
      int t = metrics.values().keySet().iterator().next().charAt(1) - '0';
      assertThat(lines.get(i).seq()).isEqualTo(i);
      assertThat(metrics.step()).isEqualTo(next[t]++);
    }
  }

  @Test
  void timeNeverRunsBackwards() throws Exception {
    try (Journal journal = open()) {
      journal.append(new Entry.Resume(1), 1000);
      journal.append(new Entry.Resume(1), 900);
    }
    assertThat(lines().stream().map(Line::time)).containsExactly(1000L, 1000L);
  }

  @Test
  void aDiskThatTakesNothingCostsBoundedMemoryAndTheLossIsCounted() throws Exception {
    Entry big = new Entry.Tags(Map.of("t", "x".repeat(1 << 20)));
    try (Journal journal = open()) {
      for (int i = 0; i < 40; i++) {
        journal.append(big); // Nobody writes: as on a disk that hangs.
      }
      assertThat(journal.lost()).isEqualTo(40 - 16);
      journal.write();
      journal.append(new Entry.Resume(1));
    }
    assertThat(lines()).hasSize(17);
    assertThat(lines().get(16).seq()).isEqualTo(16);
  }

  @Test
  void aClosedJournalTakesNoMore() throws Exception {
    Journal journal = open();
    journal.close();
    assertThatThrownBy(() -> journal.append(new Entry.Resume(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("Cannot journal an entry: expected an open run, got one closed");
  }
}
