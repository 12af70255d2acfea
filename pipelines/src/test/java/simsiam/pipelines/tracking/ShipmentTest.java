package simsiam.pipelines.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShipmentTest {
  private static Shipment of(long sent, long waiting, long refused, String trouble) {
    return new Shipment("http://host:1", 2, sent, waiting, refused, 0, List.of(), trouble);
  }

  @Test
  void saysWhatWasSentAndWhere() {
    assertThat(of(1234, 0, 0, "").line()).isEqualTo("Sent 1,234 entries to http://host:1 (2 runs)");
    assertThat(of(1234, 0, 0, "").isComplete()).isTrue();
    assertThat(of(0, 0, 0, "").line()).isEqualTo("Nothing waits to be sent (2 runs)");
    assertThat(of(0, 0, 0, "").isComplete()).isTrue();
  }

  @Test
  void saysWhatWaitsAndWhy() {
    assertThat(of(10, 5, 0, "connection refused").line())
        .isEqualTo("Sent 10 entries to http://host:1 (2 runs); 5 wait: connection refused");
    assertThat(of(10, 5, 0, "").line()).endsWith("; 5 wait: another process is sending them");
    assertThat(of(10, 5, 0, "").isComplete()).isFalse();
  }

  @Test
  void saysWhatWasRefused() {
    assertThat(of(10, 0, 3, "").line())
        .endsWith("; the server refused 3 values, see quarantine.jsonl below their journals");
    assertThat(of(10, 0, 3, "").isComplete()).isFalse();
  }

  @Test
  void saysWhichFilesOnlyAnotherServerHas() {
    Shipment shipment = new Shipment("http://host:1", 1, 10, 0, 0, 2, List.of(), "");
    assertThat(shipment.line())
        .isEqualTo(
            "Sent 10 entries to http://host:1 (1 run); 2 files went to another server before and"
                + " were not kept, see elsewhere.jsonl");
    assertThat(shipment.isComplete()).isTrue();
  }

  @Test
  void namesTheRunsThatCannotBeSent() {
    Shipment shipment =
        new Shipment("http://host:1", 2, 10, 5, 0, 0, List.of("run-1: run.json is no file"), "");
    assertThat(shipment.line())
        .isEqualTo(
            "Sent 10 entries to http://host:1 (2 runs); 5 wait: see below\n"
                + "cannot be sent: run-1: run.json is no file");
    assertThat(shipment.isComplete()).isFalse();
    assertThat(new Shipment("http://h", 1, 0, 0, 0, 0, List.of("run-1: x"), "").isComplete())
        .isFalse();
  }
}
