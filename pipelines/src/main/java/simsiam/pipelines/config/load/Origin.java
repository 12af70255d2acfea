package simsiam.pipelines.config.load;

import java.nio.file.Path;
import simsiam.pipelines.redact.Redaction;

/** Where a configuration value was given. */
public sealed interface Origin {
  /**
   * A place in a file.
   *
   * @param line counted from 1; 0: the file as a whole
   * @param column counted from 1
   */
  record InFile(Path file, int line, int column) implements Origin {
    @Override
    public String toString() {
      return line == 0 ? file.toString() : file + ":" + line + ":" + column;
    }
  }

  /** An override as the user typed it. */
  record CommandLine(String override) implements Origin {
    @Override
    public String toString() {
      return "command line: " + ConfigError.shown(Redaction.word(override));
    }
  }
}
