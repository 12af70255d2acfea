package simsiam.pipelines.cli.console;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How values look on the console. */
public final class Text {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

  private static final List<String> BYTES = List.of("kB", "MB", "GB", "TB");

  private Text() {}

  /** {@code 0.4 s}, {@code 12.3 s}, {@code 3 min 05 s}, {@code 2 h 04 min}. */
  public static String seconds(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 60) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /** {@code 0.4 kB}, {@code 12.3 MB}, {@code 1.2 GB}; a kB has 1000 bytes. */
  public static String bytes(long bytes) {
    double size = bytes / 1e3;
    int unit = 0;
    while (size >= 999.95 && unit < BYTES.size() - 1) {
      size /= 1e3;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", size, BYTES.get(unit));
  }

  /** {@code 2026-11-22 07:21:08} on this machine's clock, from ISO 8601. */
  public static String time(Object instant) {
    return TIME.format(Instant.parse(instant.toString()).atZone(ZoneId.systemDefault()));
  }

  /** The path from the working directory, where that is shorter. */
  public static String relative(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : path.toString();
  }

  /** A table of rows from column to value, under the columns' names. */
  public static List<String> rows(List<Map<String, Object>> rows) {
    if (rows.isEmpty()) {
      return List.of();
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.copyOf(rows.get(0).keySet()));
    rows.forEach(row -> cells.add(row.values().stream().map(String::valueOf).toList()));
    return table(cells);
  }

  /** Columns padded to their widest cell, two spaces between them. */
  public static List<String> table(List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
