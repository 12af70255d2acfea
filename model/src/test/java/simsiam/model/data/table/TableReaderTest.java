package simsiam.model.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What says nothing of a file is not taken for damage to it. */
class TableReaderTest {
  @TempDir Path folder;

  /** A file that says its footer has 1000 bytes. */
  private Path file() throws IOException {
    Path file = folder.resolve("x.parquet");
    Files.write(file, new byte[] {0, 0, 0, 0, (byte) 0xE8, 0x03, 0, 0, 'P', 'A', 'R', '1'});
    return file;
  }

  @Test
  void aFooterThatAsksForMoreThanThereIsForItIsDamaged() throws IOException {
    OutOfMemoryError cause = new OutOfMemoryError("Java heap space");

    assertThat(TableReader.footerTooLarge(file(), cause, 100L << 20))
        .hasMessage(
            "Cannot read x.parquet: expected a whole Parquet file, got one that fails with %s (%s)"
                .formatted("too little memory (Java heap space)", file()))
        .hasCause(cause);
  }

  @Test
  void aFullHeapIsNoDamage() throws IOException {
    OutOfMemoryError cause = new OutOfMemoryError("Java heap space");
    Path file = file();

    assertThatThrownBy(() -> TableReader.footerTooLarge(file, cause, (64L << 20) + 63_999))
        .isSameAs(cause);
    assertThat(TableReader.footerTooLarge(file, cause, (64L << 20) + 64_000)).isNotNull();
  }

  @Test
  void whatTheSystemSaysIsNoDamage() {
    Path file = folder.resolve("x.parquet");

    assertThat(
            TableReader.unreadable(
                file, new FileNotFoundException(file + " (Too many open files)")))
        .hasMessage(
            "Cannot read x.parquet: expected to read it, got %s (Too many open files) (%s)"
                .formatted(file, file));
    assertThat(
            TableReader.unreadable(
                file, new FileSystemException(file.toString(), null, "Too many open files")))
        .hasMessage(
            "Cannot read x.parquet: expected to read it, got %s: Too many open files (%s)"
                .formatted(file, file));
    for (IOException interrupt :
        new IOException[] {new ClosedByInterruptException(), new InterruptedIOException()}) {
      assertThat(TableReader.unreadable(file, interrupt))
          .hasMessage(
              "Cannot read x.parquet: expected to be left reading, got an interrupt (%s)"
                  .formatted(file));
    }
    assertThat(TableReader.unreadable(file, new IOException("Input/output error")))
        .hasMessageStartingWith("Cannot read x.parquet: expected a whole Parquet file");
  }
}
