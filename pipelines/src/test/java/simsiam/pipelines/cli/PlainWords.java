package simsiam.pipelines.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import simsiam.pipelines.cli.console.Output;

/**
 * What a command prints, held to plain words: no names of classes, addresses of objects, records or
 * stack traces, whatever path a test takes through the program. Every test of the command line
 * prints to one of these.
 */
public final class PlainWords {
  private static final Pattern ALIEN =
      Pattern.compile(
          "\\w+Exception\\b|\\w+Error\\b|\\b(?:java|javax|simsiam|org|com)(?:\\.[a-z]\\w*)+\\.[A-Z]"
              + "|@[0-9a-f]{6,8}\\b|REDACTED|\\b[A-Z]\\w+\\[\\w+=|^\\s+at \\w|Input length ="
              + "|\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{4,}",
          Pattern.MULTILINE);

  private PlainWords() {}

  /** Where a command prints, in place of the two streams of the process. */
  public static Output output(StringWriter out, StringWriter err, boolean terminal) {
    return new Output(new Guarded(out), new Guarded(err), terminal);
  }

  /** Fails if there is something in a text that users should not have to read. */
  public static String require(String text) {
    // JSON is for programs, which want times in full.
    Matcher alien = ALIEN.matcher(text);
    if (!text.startsWith("{") && !text.startsWith("[") && alien.find()) {
      throw new AssertionError("Not in plain words: '" + alien.group() + "' in\n" + text);
    }
    return text;
  }

  private static final class Guarded extends PrintWriter {
    Guarded(Writer writer) {
      super(writer);
    }

    @Override
    public void println(String line) {
      super.println(require(line));
    }
  }
}
