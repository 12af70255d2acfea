package simsiam.model.image.codec;

import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;

/**
 * Picks out the warnings by which decoders tell that they made up part of the picture; what they
 * say of metadata is left aside.
 */
final class DamageWarnings implements IIOReadWarningListener {
  private final List<String> damage = new ArrayList<>();

  @Override
  public void warningOccurred(ImageReader source, String warning) {
    boolean broken = warning.startsWith("Corrupt JPEG data") || warning.contains("Premature end");
    // Stray bytes between two markers cost no pixel.
    if (broken && !warning.contains("extraneous bytes")) {
      damage.add(warning);
    }
  }

  void check() throws ImageRejectedException {
    if (!damage.isEmpty()) {
      throw new ImageRejectedException(
          RejectReason.CORRUPT, "expected sound data, got \"" + damage.get(0) + '"');
    }
  }
}
