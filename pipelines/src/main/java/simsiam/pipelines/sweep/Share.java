package simsiam.pipelines.sweep;

import java.util.List;
import java.util.Optional;

/**
 * What of this machine each of several children gets.
 *
 * @param children that are at work at a time
 * @param cores of each, which are its threads too
 * @param heapMb Java heap of each
 * @param nativeMb resident memory of each up to which arrays are kept; empty: no limit was given
 * @param devices CUDA devices, of which each child gets one; empty: there is none, or one child
 */
public record Share(
    int children, int cores, long heapMb, Optional<Long> nativeMb, List<String> devices) {
  /** What the launcher gives at most, and at least. */
  public static final long MOST_HEAP_MB = 16_384;

  private static final long LEAST_HEAP_MB = 768;

  private static final int CORES_A_CHILD = 4;
  private static final long NATIVE_MB_A_CHILD = 8192;

  public Share {
    devices = List.copyOf(devices);
  }

  /** What there is to share. */
  public record Machine(int cores, long heapMb, Optional<Long> nativeMb, List<String> devices) {
    /**
     * How many children suit it: as many as there are devices, else as have four cores and 8 GB
     * each.
     */
    public int children() {
      if (!devices.isEmpty()) {
        return devices.size();
      }
      long byMemory =
          nativeMb.map(mb -> mb / NATIVE_MB_A_CHILD).orElse((long) cores / CORES_A_CHILD);
      return (int) Math.max(1, Math.min(cores / CORES_A_CHILD, byMemory));
    }
  }

  /** One child that has all of this machine: it is started as this process was. */
  public static Share whole() {
    return new Share(1, 0, 0, Optional.empty(), List.of());
  }

  /** Equal parts. */
  public static Share of(int children, Machine machine) {
    return new Share(
        children,
        Math.max(1, machine.cores() / children),
        Math.max(LEAST_HEAP_MB, machine.heapMb() / children),
        machine.nativeMb().map(mb -> mb / children),
        machine.devices());
  }
}
