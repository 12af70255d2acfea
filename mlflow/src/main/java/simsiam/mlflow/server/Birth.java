package simsiam.mlflow.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * When a process began, in a form that tells it from a later one with the same id: the clock tick
 * since the start of the system, and which start that was. {@link ProcessHandle.Info#startInstant}
 * does not serve, because it is reckoned from the clock: it moves when the clock is set, and two
 * programs may reckon it a second apart.
 */
final class Birth {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  private Birth() {}

  /** The birth of a process; empty if it is gone, or where there is no {@code /proc}. */
  static String of(long pid) {
    try {
      return Files.readString(BOOT).strip() + "/" + Stat.of(pid).started();
    } catch (IOException e) {
      return "";
    }
  }
}
