package simsiam.pipelines.cli.console;

/** Exit codes of the program. */
public final class ExitCode {
  public static final int OK = 0;
  public static final int USAGE = 2;
  public static final int STAGE_FAILED = 3;
  public static final int POINTS_FAILED = 4;
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
