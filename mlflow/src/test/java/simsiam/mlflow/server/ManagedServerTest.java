package simsiam.mlflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import simsiam.mlflow.rest.NoServerException;
import simsiam.mlflow.rest.ServerAddress;

class ManagedServerTest {
  private static final Environment ENVIRONMENT = Environment.ofUser(System.getenv());

  @TempDir Path folder;

  @Test
  void twoThatStartItAtOnceShareOneAtTheNextFreePort() throws Exception {
    install();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      List<String> said = new CopyOnWriteArrayList<>();
      ManagedServer one = new ManagedServer(folder, ENVIRONMENT, "127.0.0.1", port);
      ManagedServer two = new ManagedServer(folder, ENVIRONMENT, "127.0.0.1", port);
      assertThat(one.status()).isEmpty();
      try {
        CompletableFuture<ServerAddress> other =
            CompletableFuture.supplyAsync(() -> start(two, said));
        ServerAddress address = one.start(said::add);
        assertThat(other.get()).isEqualTo(address);
        assertThat(address.uri().getPort()).isGreaterThan(port);
        assertThat(said)
            .filteredOn(line -> !line.endsWith(", which starts MLflow"))
            .containsExactly(
                "Starting MLflow; the first time in a workspace it takes a while",
                "Port " + port + " is taken: MLflow uses " + address.uri().getPort());
        assertThat(two.status()).contains(address);
        assertThat(ProcessHandle.current().descendants().filter(this::isServerHere)).hasSize(1);
      } finally {
        assertThat(one.stop()).isTrue();
      }
      assertThat(two.status()).isEmpty();
      assertThat(two.stop()).isFalse();
    }
  }

  @Test
  void aDatabaseThatIsNoneIsLeftAloneAndTheCommandIsSaid() throws Exception {
    install();
    Path database = Files.writeString(folder.resolve("mlflow.db"), "not a database, ".repeat(99));
    ManagedServer server = new ManagedServer(folder, ENVIRONMENT, "127.0.0.1", 5999);
    List<String> said = new ArrayList<>();
    assertThatThrownBy(() -> server.start(said::add))
        .isInstanceOf(NoServerException.class)
        .hasMessageStartingWith(
            "Cannot upgrade the MLflow database: expected one of an older MLflow, got: ")
        .hasMessageContaining("file is not a database")
        .hasMessageContaining("the command was: " + ENVIRONMENT.python());
    assertThat(said).isEmpty();
    assertThat(database).content().startsWith("not a database");
  }

  @Test
  void withoutPythonItSaysWhatIsMissing() throws Exception {
    Environment none =
        new Environment(folder.resolve("e"), new Python(List.of("py-none"), "uv-none"));
    ManagedServer server = new ManagedServer(folder, none, "127.0.0.1", 5000);
    List<String> said = new ArrayList<>();
    assertThatThrownBy(() -> server.start(said::add))
        .isInstanceOf(NoServerException.class)
        .hasMessage("Cannot install MLflow: expected Python 3.10 or newer as python3, got none");
    assertThat(said)
        .singleElement()
        .asString()
        .startsWith("Installing MLflow 3.18.0 (once, about ");
    assertThat(folder.resolve("e")).doesNotExist();
    assertThat(folder.resolve("e.tmp")).doesNotExist();
  }

  @Test
  void aPythonTooOldOrNotPythonIsPassedOver() throws Exception {
    Python python = new Python(List.of("false", "py-none", "true"), "uv-none");
    assertThat(python.find()).contains("true");
    assertThat(python.hasUv()).isFalse();
  }

  private boolean isServerHere(ProcessHandle process) {
    String command = process.info().commandLine().orElse("");
    return command.contains("mlflow server") && command.contains(folder.toString());
  }

  private static ServerAddress start(ManagedServer server, List<String> said) {
    try {
      return server.start(said::add);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void install() throws Exception {
    try {
      ENVIRONMENT.ensure(System.err::println);
    } catch (NoServerException e) {
      Assumptions.abort("No MLflow server for this test: " + e.getMessage());
    }
  }
}
