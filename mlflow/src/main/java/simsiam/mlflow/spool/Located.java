package simsiam.mlflow.spool;

import java.io.IOException;

/** A line of a journal and where it ends; parsed when its content is asked for. */
public final class Located {
  private final byte[] text;
  private final long end;
  private Line line;

  Located(byte[] text, long end) {
    this.text = text;
    this.end = end;
  }

  /** Its content; a line that cannot be read is an entry of its own kind, with the reason. */
  public Line line() {
    if (line == null) {
      try {
        line = LineParser.parse(text);
      } catch (IOException e) {
        // The uploader puts it into quarantine with this reason.
        line = new Line(-1, 0, new Entry.Unreadable(e.getMessage()));
      }
    }
    return line;
  }

  /** Whether it goes the way of files, and not that of data. */
  public boolean isFile() {
    return !MetricLine.is(text) && Delivery.Lane.of(line().entry()) == Delivery.Lane.FILES;
  }

  /** Offset of the byte after the line. */
  public long end() {
    return end;
  }

  /** Length of the line, its end included. */
  public int bytes() {
    return text.length + 1;
  }
}
