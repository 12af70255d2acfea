package simsiam.pipelines.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShareTest {
  private static Share.Machine machine(int cores, long heapMb, long nativeMb, String... devices) {
    return new Share.Machine(cores, heapMb, Optional.of(nativeMb), List.of(devices));
  }

  @Test
  void oneChildHasAll() {
    Share share = Share.of(1, machine(8, 4096, 16_000, "0"));

    assertThat(share.cores()).isEqualTo(8);
    assertThat(share.heapMb()).isEqualTo(4096);
    assertThat(share.nativeMb()).hasValue(16_000L);
  }

  @Test
  void severalShareEqually() {
    Share share = Share.of(3, machine(8, 6000, 24_000, "2", "5"));

    assertThat(share.cores()).isEqualTo(2);
    assertThat(share.heapMb()).isEqualTo(2000);
    assertThat(share.nativeMb()).hasValue(8000L);
    assertThat(share.devices()).containsExactly("2", "5");
  }

  @Test
  void noneGetsLessThanACoreAndTheLeastHeap() {
    Share share = Share.of(4, machine(2, 1024, 4096));

    assertThat(share.cores()).isEqualTo(1);
    assertThat(share.heapMb()).isEqualTo(768);
  }

  @Test
  void automaticIsOneADeviceElseOneForFourCoresAnd8Gb() {
    assertThat(machine(64, 16_384, 400_000, "0", "1").children()).isEqualTo(2);
    assertThat(machine(64, 16_384, 400_000).children()).isEqualTo(16);
    assertThat(machine(64, 16_384, 20_000).children()).isEqualTo(2);
    assertThat(machine(2, 4096, 16_000).children()).isEqualTo(1);
    Share.Machine unlimited = new Share.Machine(8, 4096, Optional.empty(), List.of());
    assertThat(unlimited.children()).isEqualTo(2);
  }
}
