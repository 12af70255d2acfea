package simsiam.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import simsiam.mlflow.server.ServerFiles.Note;

/** Whether a noted server is taken for alive exactly while it is. */
class ServerFilesTest {
  private static final long HOUR_MS = 3_600_000;

  @TempDir Path folder;
  private Process process;
  private ServerFiles files;

  @BeforeEach
  void start() throws Exception {
    process = new ProcessBuilder("sleep", "60").start();
    files = new ServerFiles(folder);
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private Note note() {
    return Note.of(process.toHandle(), "127.0.0.1", 5000, folder);
  }

  private Note note(long started, String birth) {
    return new Note(process.pid(), started, birth, "127.0.0.1", 5000, Environment.VERSION, "");
  }

  @Test
  void aNotedProcessIsFoundWhileItLives() throws Exception {
    files.note(note());
    assertThat(files.note().orElseThrow()).isEqualTo(note());
    assertThat(files.note().orElseThrow().process()).contains(process.toHandle());
    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    assertThat(files.note().orElseThrow().process()).isEmpty();
  }

  @Test
  void itIsFoundThoughTheClockWasSetSince() {
    Assumptions.assumeFalse(note().birth().isEmpty(), "this system has no /proc");
    assertThat(note(note().started() - HOUR_MS, note().birth()).process())
        .contains(process.toHandle());
  }

  @Test
  void aLaterProcessWithTheSameIdIsNotTheServer() throws Exception {
    Assumptions.assumeFalse(note().birth().isEmpty(), "this system has no /proc");
    Thread.sleep(50); // some ticks
    Process later = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(Birth.of(later.pid())).isNotEqualTo(note().birth());
      assertThat(note(note().started(), Birth.of(later.pid())).process()).isEmpty();
      assertThat(note(note().started(), "an-earlier-boot/1").process()).isEmpty();
    } finally {
      later.destroyForcibly();
    }
  }

  @Test
  void withoutABirthAStartOfAboutTheSameTimeWillDo() throws Exception {
    long started = note().started();
    for (long apart : new long[] {0, 1000, -1000}) {
      assertThat(note(started + apart, "").process()).contains(process.toHandle());
    }
    assertThat(note(started - HOUR_MS, "").process()).isEmpty();
    String older =
        "{\"pid\":%d,\"started\":%d,\"host\":\"127.0.0.1\",\"port\":5000,\"version\":\"3.18.0\"}";
    Files.writeString(
        folder.resolve("server.json"), older.formatted(process.pid(), started + 1000));
    assertThat(files.note().orElseThrow().process()).contains(process.toHandle());
  }

  @Test
  void aCopyOfTheFolderHasNoServerButAMovedOneHas(@TempDir Path elsewhere) throws Exception {
    files.note(note());
    Path copy = Files.createDirectories(elsewhere.resolve("copy"));
    Files.copy(folder.resolve("server.json"), copy.resolve("server.json"));
    assertThat(new ServerFiles(copy).note()).isEmpty();
    Path link = Files.createSymbolicLink(elsewhere.resolve("link"), folder);
    assertThat(new ServerFiles(link).note()).contains(note());
    Path moved = Files.move(copy, elsewhere.resolve("moved"));
    Note noted = Note.of(process.toHandle(), "127.0.0.1", 5000, copy);
    new ServerFiles(moved).note(noted);
    assertThat(new ServerFiles(moved).note()).contains(noted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{}", "[]", "null", "\u0000\u0000", "{\"pid\":1"})
  void aDamagedNoteIsNone(String content) throws Exception {
    Files.writeString(folder.resolve("server.json"), content);
    assertThat(files.note()).isEmpty();
  }
}
