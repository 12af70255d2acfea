package simsiam.pipelines.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** One command of the program: does its work in {@link #call} and returns the exit code. */
@CommandLine.Command(
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
abstract class Command implements Callable<Integer> {
  private final Call call;

  Command(Call call) {
    this.call = call;
  }

  final Call invoked() {
    return call;
  }

  final Output output() {
    return call.output();
  }
}
