package simsiam.model.train;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import simsiam.model.engine.StepMetrics;

/**
 * The table {@code steps.csv}: loss and output deviation of every optimiser step. Rows after the
 * last checkpoint are dropped on resume, since those steps are taken again.
 */
public final class StepLog {
  private static final String HEADER = "step,loss,output_std";

  private final Path file;
  private BufferedWriter writer;

  /** One row; {@code step} counts from 1. */
  public record Row(long step, double loss, double outputStd) {}

  StepLog(Path file) {
    this.file = file;
  }

  public static List<Row> read(Path file) {
    List<Row> rows = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        String[] cells = line.split(",", -1);
        // a kill can leave the last row incomplete
        if (!line.equals(HEADER) && cells.length == 3 && !cells[2].isEmpty()) {
          rows.add(
              new Row(
                  Long.parseLong(cells[0]),
                  Double.parseDouble(cells[1]),
                  Double.parseDouble(cells[2])));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
    return rows;
  }

  /** Opens the table for appending after {@code step}; later rows are removed. */
  void keepUpTo(long step) {
    List<Row> kept = new ArrayList<>();
    if (Files.exists(file)) {
      read(file).stream().filter(row -> row.step() <= step).forEach(kept::add);
    }
    try {
      writer =
          Files.newBufferedWriter(
              file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      writer.write(HEADER + "\n");
    } catch (IOException e) {
      throw failed(e);
    }
    kept.forEach(row -> append(row.step(), new StepMetrics(row.loss(), row.outputStd())));
    sync();
  }

  void append(long step, StepMetrics metrics) {
    try {
      writer.write(step + "," + (float) metrics.loss() + "," + (float) metrics.outputStd() + "\n");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void sync() {
    try {
      writer.flush();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private UncheckedIOException failed(IOException cause) {
    return new UncheckedIOException(
        "Cannot write " + file.getFileName() + ": " + cause.getMessage() + " (" + file + ")",
        cause);
  }
}
