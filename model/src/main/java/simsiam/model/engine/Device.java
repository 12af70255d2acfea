package simsiam.model.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an engine runs: {@code auto}, {@code cpu}, {@code cuda}, or {@code cuda:1}, one of several
 * CUDA devices. Which of them changes no result: they are counted from 0 among those that {@code
 * CUDA_VISIBLE_DEVICES} leaves, and {@code cuda} is the first.
 */
public final class Device {
  public static final Device AUTO = new Device(Kind.AUTO, 0);
  public static final Device CPU = new Device(Kind.CPU, 0);
  public static final Device CUDA = new Device(Kind.CUDA, 0);

  /** What {@link #parse} takes, in words that complete "expected ...". */
  public static final String EXPECTED = "auto, cpu, cuda, or cuda:N with N from 0 to 127";

  private static final Pattern NUMBERED = Pattern.compile("cuda:(\\d{1,3})");

  /** As many as libtorch counts. */
  private static final int MOST = 127;

  private final Kind kind;
  private final int index;

  /** What it is, whichever of several. */
  public enum Kind {
    AUTO,
    CPU,
    CUDA
  }

  private Device(Kind kind, int index) {
    this.kind = kind;
    this.index = index;
  }

  /** One of several CUDA devices, from 0. */
  public static Device cuda(int index) {
    if (index < 0 || index > MOST) {
      throw new IllegalArgumentException(
          "Cannot name a CUDA device: expected a number from 0 to %s, got %s"
              .formatted(MOST, index));
    }
    return new Device(Kind.CUDA, index);
  }

  /** The device of a word of the configuration; empty if it is none. */
  public static Optional<Device> parse(String word) {
    for (Device device : new Device[] {AUTO, CPU, CUDA}) {
      if (device.toString().equals(word)) {
        return Optional.of(device);
      }
    }
    Matcher numbered = NUMBERED.matcher(word);
    return numbered.matches() && Integer.parseInt(numbered.group(1)) <= MOST
        ? Optional.of(cuda(Integer.parseInt(numbered.group(1))))
        : Optional.empty();
  }

  /** The same where it is there, else another one, or the CPU. */
  public Device ifThere() {
    return new Device(isCpu() ? Kind.CPU : Kind.AUTO, index);
  }

  @JsonCreator
  static Device ofJson(String word) {
    return parse(word.toLowerCase(Locale.ROOT))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Cannot read a device: expected %s, got %s".formatted(EXPECTED, word)));
  }

  /** As checkpoints have it since there is one: {@code CUDA}, {@code CUDA:1}. */
  @JsonValue
  String json() {
    return toString().toUpperCase(Locale.ROOT);
  }

  public Kind kind() {
    return kind;
  }

  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  public boolean isCuda() {
    return kind == Kind.CUDA;
  }

  /** Which of several, from 0. */
  public int index() {
    return index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Device device && kind == device.kind && index == device.index;
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + index;
  }

  /** {@code cuda}, {@code cuda:1}. */
  @Override
  public String toString() {
    String word = kind.name().toLowerCase(Locale.ROOT);
    return index == 0 ? word : word + ":" + index;
  }
}
