package simsiam.pipelines.cli.call;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import simsiam.pipelines.cli.console.Output;
import simsiam.pipelines.cli.console.VersionLine;

/** One command of the program: does its work in {@link #call} and returns the exit code. */
@CommandLine.Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public abstract class Command implements Callable<Integer> {
  private final Call call;

  public Command(Call call) {
    this.call = call;
  }

  protected final Call invoked() {
    return call;
  }

  protected final Output output() {
    return call.output();
  }
}
