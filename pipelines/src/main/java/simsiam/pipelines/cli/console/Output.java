package simsiam.pipelines.cli.console;

import java.io.PrintWriter;
import simsiam.pipelines.redact.Redaction;

/**
 * Where a command writes; secrets are kept out of it.
 *
 * @param terminal whether a person sees {@code out} on a terminal
 */
public record Output(PrintWriter out, PrintWriter err, boolean terminal) {
  /** One line of result. */
  public void line(String text) {
    out.println(Redaction.text(text));
    out.flush();
  }

  /** One line of complaint. */
  public void complain(String text) {
    err.println(Redaction.text(text));
    err.flush();
  }
}
