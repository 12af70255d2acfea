package simsiam.model.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import simsiam.model.image.GuardedDecoder.Decoding;

@Timeout(30)
class GuardedDecoderTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final RgbImage IMAGE = new RgbImage(1, 1, new byte[3]);

  /** Does with a file what its name says. */
  private static Decoding obeying(CountDownLatch release) {
    return (bytes, name) -> {
      switch (name) {
        case "hang and heed" -> readForEver();
        case "hang" -> awaitWhateverHappens(release);
        case "overflow" -> overflow(1);
        case "no memory" -> throw new OutOfMemoryError("made up");
        case "reject" -> throw new ImageRejectedException(RejectReason.TRUNCATED, "cut");
        default -> {}
      }
      return IMAGE;
    };
  }

  private static void readForEver() throws ImageRejectedException {
    ByteArrayImageInput in = new ByteArrayImageInput(new byte[10]);
    try {
      while (in.read() >= -1) {
        in.seek(0);
      }
    } catch (IOException e) {
      throw new ImageRejectedException(RejectReason.CORRUPT, "interrupted", e);
    }
  }

  private static void awaitWhateverHappens(CountDownLatch release) {
    while (release.getCount() > 0) {
      try {
        release.await();
      } catch (InterruptedException e) {
        // A decoder that does not care.
      }
    }
  }

  private static int overflow(int depth) {
    return depth > 0 ? overflow(depth + 1) + 1 : 0; // until the number itself overflows
  }

  @Test
  void aHangCostsOneImage() throws ImageRejectedException {
    try (GuardedDecoder decoder = new GuardedDecoder(obeying(new CountDownLatch(0)), SHORT)) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> decoder.decode(new byte[0], "hang and heed"))
            .isInstanceOfSatisfying(
                ImageRejectedException.class,
                e -> assertThat(e.reason()).isEqualTo(RejectReason.TIMED_OUT))
            .hasMessage(
                "Cannot decode image: expected pixels within 100 ms, got none (hang and heed)");
        assertThat(decoder.decode(new byte[0], "good")).isSameAs(IMAGE);
      }
    }
  }

  @Test
  void threadsThatCannotBeStoppedAreCountedAndEndTheWork() throws ImageRejectedException {
    CountDownLatch release = new CountDownLatch(1);
    try (GuardedDecoder decoder = new GuardedDecoder(obeying(release), SHORT)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> decoder.decode(new byte[0], "hang"))
            .isInstanceOf(ImageRejectedException.class);
        assertThat(decoder.decode(new byte[0], "good")).isSameAs(IMAGE);
      }
      assertThatThrownBy(() -> decoder.decode(new byte[0], "hang"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "Cannot decode images: expected decoders to end, got 3 that hang (last: hang)");
    } finally {
      release.countDown();
    }
  }

  @Test
  void aCrashCostsOneImage() throws ImageRejectedException {
    try (GuardedDecoder decoder = new GuardedDecoder(obeying(new CountDownLatch(0)), SHORT)) {
      assertThatThrownBy(() -> decoder.decode(new byte[0], "overflow"))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(RejectReason.CORRUPT))
          .hasMessageEndingWith(
              "got a decoder that fails with java.lang.StackOverflowError (overflow)");
      assertThat(decoder.decode(new byte[0], "good")).isSameAs(IMAGE);
    }
  }

  @Test
  void aRejectionStaysWhatItIs() {
    try (GuardedDecoder decoder = new GuardedDecoder(obeying(new CountDownLatch(0)), SHORT)) {
      assertThatThrownBy(() -> decoder.decode(new byte[0], "reject"))
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.reason()).isEqualTo(RejectReason.TRUNCATED))
          .hasMessage("cut");
    }
  }

  /** What fits depends on the machine, so it must not decide what is in a data set. */
  @Test
  void lackOfMemoryIsNotTheImagesFault() {
    try (GuardedDecoder decoder = new GuardedDecoder(obeying(new CountDownLatch(0)), SHORT)) {
      assertThatThrownBy(() -> decoder.decode(new byte[0], "no memory"))
          .isInstanceOf(OutOfMemoryError.class);
    }
  }

  @Test
  void decodesRealFiles() throws ImageRejectedException {
    try (GuardedDecoder decoder = new GuardedDecoder()) {
      for (String name : Fixtures.names("image/sound")) {
        byte[] bytes = Fixtures.bytes("image/sound/" + name);
        assertThat(decoder.decode(bytes, name).pixels())
            .isEqualTo(new ImageDecoder().decode(bytes, name).pixels());
      }
    }
  }
}
