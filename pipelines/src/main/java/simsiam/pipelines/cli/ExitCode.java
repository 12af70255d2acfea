package simsiam.pipelines.cli;

/** Exit codes of the program. */
final class ExitCode {
  static final int OK = 0;
  static final int USAGE = 2;
  static final int STAGE_FAILED = 3;
  static final int POINTS_FAILED = 4;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
