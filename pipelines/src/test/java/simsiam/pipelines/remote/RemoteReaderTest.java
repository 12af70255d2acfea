package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RemoteReaderTest {
  private static final String PLACE = "fake://reading/file";

  private final byte[] content = new byte[3_000_000];

  @BeforeEach
  void store() {
    new Random(1).nextBytes(content);
    FakeFileSystem.put(PLACE, content);
  }

  @AfterEach
  void heal() {
    FakeFileSystem.failReads(0);
  }

  @Test
  void aReadThatBreaksOffIsTriedAgainFromWhereItWas() throws IOException {
    FakeFileSystem.failReads(3);

    assertThat(Files.readAllBytes(Places.path(PLACE))).isEqualTo(content);
  }

  @Test
  void aStoreThatStaysAwayIsNamedWithThePlace() {
    FakeFileSystem.failReads(100);

    assertThatThrownBy(() -> Files.readAllBytes(Places.path(PLACE)))
        .isInstanceOf(StoreException.class)
        .hasMessage("Cannot read %s at 0: connection reset", PLACE);
  }

  @Test
  void goesToAnyPosition() throws IOException {
    Random random = new Random(2);
    try (SeekableByteChannel channel = Files.newByteChannel(Places.path(PLACE))) {
      for (int i = 0; i < 200; i++) {
        int at = random.nextInt(content.length);
        ByteBuffer bytes = ByteBuffer.allocate(1 + random.nextInt(9_000));
        int n = channel.position(at).read(bytes);

        assertThat(n).isEqualTo(Math.min(bytes.capacity(), content.length - at));
        assertThat(bytes.flip()).isEqualTo(ByteBuffer.wrap(content, at, n));
      }
      assertThat(channel.position(content.length).read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void aFileThatIsNotThereIsNoFailureOfTheStore() {
    Path path = Places.path("fake://reading/none");

    assertThatThrownBy(() -> Files.readAllBytes(path))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("fake://reading/none");
    assertThat(Files.exists(path)).isFalse();
  }
}
