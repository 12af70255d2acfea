package simsiam.mlflow.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import simsiam.mlflow.rest.NoServerException;

/**
 * Finds what can make a Python environment on this machine.
 *
 * @param names interpreters to try, in this order
 * @param uv the program uv
 */
record Python(List<String> names, String uv) {
  /** What is on the path. */
  static final Python ON_PATH =
      new Python(
          List.of(
              "python3",
              "python3.14",
              "python3.13",
              "python3.12",
              "python3.11",
              "python3.10",
              "python"),
          "uv");

  private static final Duration PROBE = Duration.ofSeconds(60);
  private static final String OLD_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 10))";
  private static final String CAN_MAKE = "import venv, ensurepip";

  /** Whether uv can be called. */
  boolean hasUv() throws InterruptedException, IOException {
    return Shell.run(List.of(uv, "--version"), PROBE).ok();
  }

  /** A Python of at least 3.10, if there is one. */
  Optional<String> find() throws InterruptedException, IOException {
    for (String name : names) {
      if (Shell.run(List.of(name, "-c", OLD_ENOUGH), PROBE).ok()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /**
   * A Python of at least 3.10 that can make environments.
   *
   * @throws NoServerException if there is none, with what to install
   */
  String findWithVenv() throws InterruptedException, IOException {
    String python =
        find()
            .orElseThrow(
                () ->
                    new NoServerException(
                        "Cannot install MLflow: expected Python 3.10 or newer as python3, got none"));
    if (!Shell.run(List.of(python, "-c", CAN_MAKE), PROBE).ok()) {
      throw new NoServerException(
          "Cannot install MLflow: expected the modules venv and ensurepip in "
              + python
              + ", got none (on Debian and Ubuntu: apt-get install python3-venv)");
    }
    return python;
  }
}
