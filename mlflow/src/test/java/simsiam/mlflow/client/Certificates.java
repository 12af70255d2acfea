package simsiam.mlflow.client;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority of our own and a server certificate for 127.0.0.1 that it signed. */
final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path folder;

  private Certificates(Path folder) {
    this.folder = folder;
  }

  static Certificates in(Path folder) throws Exception {
    Certificates made = new Certificates(Files.createDirectories(folder));
    made.keytool("ca.p12", "-genkeypair -alias ca -keyalg EC -dname CN=authority -ext bc:c");
    made.keytool("server.p12", "-genkeypair -alias server -keyalg EC -dname CN=server");
    made.keytool("server.p12", "-certreq -alias server -file server.csr");
    made.keytool(
        "ca.p12",
        "-gencert -alias ca -ext san=ip:127.0.0.1 -infile server.csr -outfile server.pem -rfc");
    made.keytool("ca.p12", "-exportcert -alias ca -rfc -file ca.pem");
    made.keytool("server.p12", "-importcert -noprompt -alias ca -file ca.pem");
    made.keytool("server.p12", "-importcert -noprompt -alias server -file server.pem");
    return made;
  }

  Path authority() {
    return folder.resolve("ca.pem");
  }

  /** The server's certificate, in PEM. */
  Path certificate() {
    return folder.resolve("server.pem");
  }

  /** The server's private key, in PEM. */
  Path key() throws Exception {
    byte[] key = store().getKey("server", PASSWORD.toCharArray()).getEncoded();
    String text = Base64.getMimeEncoder().encodeToString(key);
    return Files.writeString(
        folder.resolve("server.key"),
        "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
  }

  private KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("server.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  SSLContext server() throws Exception {
    KeyStore store = store();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void keytool(String store, String arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ", -1)));
    command.addAll(List.of("-keystore", store, "-storepass", PASSWORD));
    Path log = folder.resolve("keytool.log");
    int code =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException(command + ": " + Files.readString(log));
    }
  }
}
