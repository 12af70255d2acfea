package simsiam.model.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import simsiam.model.net.Network;

/**
 * Intermediate maps of an encoder that are wanted beside its features, pooled to a grid by adaptive
 * average pooling, as PyTorch's {@code AdaptiveAvgPool2d}: with C channels, [C, side, side].
 *
 * @param name one of {@link Network#taps}: {@code stem}, {@code layer1} to {@code layer4}
 * @param side cells a side of the grid; 1 is the mean over all pixels
 */
public record Tap(String name, int side) {
  public Tap {
    if (side < 1) {
      throw new IllegalArgumentException(
          "Cannot tap %s: expected a grid of at least 1 cell a side, got %s".formatted(name, side));
    }
  }

  /** The node whose output is tapped. */
  public String node(Network encoder) {
    String node = encoder.taps().get(name);
    if (node == null) {
      throw new IllegalArgumentException(
          "Cannot tap an encoder: expected one of %s, got %s"
              .formatted(String.join(", ", encoder.taps().keySet()), name));
    }
    return node;
  }

  /** Values of one image of {@code size} pixels a side. */
  public int length(Network encoder, int size) {
    return encoder.shapes(size).get(node(encoder)).channels() * side * side;
  }

  /** Refuses two taps of one name, and names that the encoder lacks. */
  static void check(List<Tap> taps, Network encoder) {
    Set<String> names = new HashSet<>();
    for (Tap tap : taps) {
      tap.node(encoder);
      if (!names.add(tap.name)) {
        throw new IllegalArgumentException(
            "Cannot tap an encoder: expected each name once, got two of " + tap.name);
      }
    }
  }
}
