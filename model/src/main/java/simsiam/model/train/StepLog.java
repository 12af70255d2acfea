package simsiam.model.train;

import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import simsiam.model.engine.StepMetrics;
import simsiam.model.file.AtomicFile;

/**
 * The table {@code steps.csv}: loss and output deviation of every optimiser step. Rows after the
 * last checkpoint are dropped on resume, since those steps are taken again.
 */
public final class StepLog implements AutoCloseable {
  private static final String HEADER = "step,loss,output_std";

  private final Path file;
  private final FileOutputStream stream;
  private final BufferedWriter writer;

  /** One row; {@code step} counts from 1. */
  public record Row(long step, double loss, double outputStd) {
    /** Empty if the line is none, as one that was cut or overwritten. */
    private static Optional<Row> parse(String line) {
      String[] cells = line.split(",", -1);
      if (cells.length != 3) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new Row(
                Long.parseLong(cells[0]),
                Double.parseDouble(cells[1]),
                Double.parseDouble(cells[2])));
      } catch (NumberFormatException e) {
        return Optional.empty();
      }
    }

    private String line() {
      return step + "," + (float) loss + "," + (float) outputStd + "\n";
    }
  }

  private StepLog(Path file) throws IOException {
    this.file = file;
    this.stream = new FileOutputStream(file.toFile(), true);
    this.writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.US_ASCII));
  }

  /**
   * The rows of a table. A last line without its end, as a kill may leave, is none.
   *
   * @throws IllegalStateException if another line is no row
   */
  public static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    List<String> lines = lines(file);
    for (int i = 0; i < lines.size(); i++) {
      if (i == 0 && lines.get(i).equals(HEADER)) {
        continue;
      }
      int number = i + 1;
      rows.add(
          Row.parse(lines.get(i))
              .orElseThrow(
                  () ->
                      new IllegalStateException(
                          "Cannot read steps: expected a row of %s, got other text (%s:%s)"
                              .formatted(HEADER, file, number))));
    }
    return rows;
  }

  /** The lines that have an end; of a damaged file whatever is there. */
  private static List<String> lines(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read steps: " + e + " (" + file + ")", e);
    }
  }

  /**
   * The rows up to {@code step} that can be read, in order; a whole table has one for every step.
   */
  private static List<Row> upTo(long step, Path file) {
    List<Row> rows = new ArrayList<>();
    long last = 0;
    for (String line : Files.exists(file) ? lines(file) : List.<String>of()) {
      Optional<Row> row = Row.parse(line);
      if (row.isPresent() && row.get().step() > last && row.get().step() <= step) {
        rows.add(row.get());
        last = row.get().step();
      }
    }
    return rows;
  }

  /**
   * Opens the table for appending after {@code step}; later rows are removed, at once or not at
   * all.
   *
   * @param aside gets a copy of a table that lacks rows of these steps; made if it is needed
   * @return the table, and the rows that it lacks
   */
  static Opened open(Path file, long step, Path aside) {
    try {
      List<Row> kept = upTo(step, file);
      Optional<Path> copy = Optional.empty();
      if (kept.size() < step && Files.exists(file)) {
        Files.createDirectories(aside);
        copy = Optional.of(Files.copy(file, aside.resolve(file.getFileName())));
      }
      StringBuilder text = new StringBuilder(HEADER).append('\n');
      kept.forEach(row -> text.append(row.line()));
      Files.createDirectories(file.toAbsolutePath().getParent());
      AtomicFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
      return new Opened(new StepLog(file), step - kept.size(), copy);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /**
   * A table that was opened to be continued.
   *
   * @param lost rows that it lacks
   * @param copy of the table as it was, if it lacks rows and was there
   */
  record Opened(StepLog log, long lost, Optional<Path> copy) {}

  void append(long step, StepMetrics metrics) {
    try {
      writer.write(new Row(step, metrics.loss(), metrics.outputStd()).line());
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Puts all rows on disk: those of a checkpoint's steps are not taken again. */
  void sync() {
    try {
      writer.flush();
      stream.getFD().sync();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static UncheckedIOException failed(Path file, IOException cause) {
    return new UncheckedIOException(
        "Cannot write " + file.getFileName() + ": " + cause.getMessage() + " (" + file + ")",
        cause);
  }
}
