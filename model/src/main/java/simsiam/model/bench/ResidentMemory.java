package simsiam.model.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * How far the process's resident memory rises above where it stood, native memory included. Linux
 * alone tells; elsewhere every answer is empty.
 */
public final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final String RESET_PEAK = "5";

  private final OptionalLong start;

  private ResidentMemory(OptionalLong start) {
    this.start = start;
  }

  /** Begins to watch: resets the system's record of the process's peak. */
  static ResidentMemory start() {
    try {
      Files.writeString(CLEAR, RESET_PEAK);
      return new ResidentMemory(read("VmRSS:"));
    } catch (IOException e) {
      return new ResidentMemory(OptionalLong.empty()); // not Linux, or forbidden: unknown, not 0
    }
  }

  /** Bytes resident now. */
  public static OptionalLong now() {
    try {
      return read("VmRSS:");
    } catch (IOException e) {
      return OptionalLong.empty(); // not Linux: unknown
    }
  }

  /** Bytes between the level at the start and the highest since. */
  OptionalLong peakGrowth() {
    if (start.isEmpty()) {
      return start;
    }
    try {
      OptionalLong peak = read("VmHWM:");
      return peak.isEmpty()
          ? peak
          : OptionalLong.of(Math.max(0, peak.getAsLong() - start.getAsLong()));
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong read(String field) throws IOException {
    List<String> lines = Files.readAllLines(STATUS);
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst();
  }
}
