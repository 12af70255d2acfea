package simsiam.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import simsiam.pipelines.stage.Runner;
import simsiam.pipelines.stage.RunnerOptions;

class MasterAddressTest {
  private static Optional<MasterAddress> of(Runner runner, String... arguments) {
    return MasterAddress.of(new RunnerOptions(runner, List.of(arguments)));
  }

  @Test
  void oneHostAndPortAreAnAddress() {
    assertThat(of(Runner.FLINK, "--parallelism=2", "--flinkMaster=head-1.lab:8081"))
        .hasValue(new MasterAddress("--flinkMaster", "head-1.lab", 8081));
    assertThat(of(Runner.FLINK, "--flinkMaster=http://10.0.0.1:8081/"))
        .hasValue(new MasterAddress("--flinkMaster", "10.0.0.1", 8081));
    assertThat(of(Runner.SPARK, "--sparkMaster=spark://[::1]:7077"))
        .hasValue(new MasterAddress("--sparkMaster", "[::1]", 7077));
    for (String other : List.of("spark://a:1,b:2", "yarn", "k8s://https://a:1/b", "local[2]")) {
      assertThat(of(Runner.SPARK, "--sparkMaster=" + other)).as(other).isEmpty();
    }
    assertThat(of(Runner.FLINK, "--flinkMaster=[local]")).isEmpty();
    assertThat(of(Runner.FLINK)).isEmpty();
  }

  @Test
  void nobodyThereIsRefused() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
      of(Runner.FLINK, "--flinkMaster=127.0.0.1:" + port).orElseThrow().require();
    }
    assertThatThrownBy(
            () -> of(Runner.FLINK, "--flinkMaster=127.0.0.1:" + port).orElseThrow().require())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot reach the cluster: expected it to listen at 127.0.0.1:%s, as --flinkMaster"
                + " says, got: Connection refused",
            port);
    assertThatThrownBy(
            () ->
                of(Runner.SPARK, "--sparkMaster=spark://no.such.invalid:7077")
                    .orElseThrow()
                    .require())
        .hasMessageEndingWith("as --sparkMaster says, got: no host of that name");
  }
}
