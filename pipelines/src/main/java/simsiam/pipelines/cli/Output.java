package simsiam.pipelines.cli;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param terminal whether a person sees {@code out} on a terminal
 */
public record Output(PrintWriter out, PrintWriter err, boolean terminal) {
  /** One line of result. */
  public void line(String text) {
    out.println(text);
    out.flush();
  }

  /** One line of complaint. */
  public void complain(String text) {
    err.println(text);
    err.flush();
  }
}
