package simsiam.pipelines.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import simsiam.pipelines.beam.BeamOptions;
import simsiam.pipelines.runner.ClassPath;
import simsiam.pipelines.runner.ClusterProcess;

/** Hadoop's file system on this machine: a NameNode and a DataNode, each a process. */
public final class HdfsCluster implements TestStore {
  private static final String CONF =
      """
      <configuration>
        <property><name>fs.defaultFS</name><value>%s</value></property>
        <property><name>dfs.namenode.name.dir</name><value>%s</value></property>
        <property><name>dfs.namenode.http-address</name><value>127.0.0.1:%s</value></property>
        <property><name>dfs.datanode.data.dir</name><value>%s</value></property>
        <property><name>dfs.datanode.address</name><value>127.0.0.1:0</value></property>
        <property><name>dfs.datanode.http.address</name><value>127.0.0.1:0</value></property>
        <property><name>dfs.datanode.ipc.address</name><value>127.0.0.1:0</value></property>
        <property><name>dfs.replication</name><value>1</value></property>
      </configuration>
      """;

  private final Path folder;
  private final String address;
  private final List<ClusterProcess> processes = new ArrayList<>();

  /** Starts it, and has this process reach it. */
  public HdfsCluster(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    int port = ClusterProcess.freePort();
    int http = ClusterProcess.freePort();
    address = "hdfs://127.0.0.1:" + port;
    String conf =
        CONF.formatted(
            address, folder.resolve("names").toUri(), http, folder.resolve("blocks").toUri());
    Files.writeString(folder.resolve("core-site.xml"), conf);
    Files.writeString(folder.resolve("hdfs-site.xml"), conf);
    start("namenode.NameNode", "-format", "-nonInteractive").awaitEnd();
    ClusterProcess names = start("namenode.NameNode");
    names.awaitPort(port);
    start("datanode.DataNode");
    StoreOptions.use(BeamOptions.parse(options()));
    URL state =
        URI.create(
                "http://127.0.0.1:%s/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState"
                    .formatted(http))
            .toURL();
    names.await(() -> text(state).contains("\"NumLiveDataNodes\" : 1"));
  }

  private static String text(URL address) throws IOException {
    try (InputStream in = address.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private ClusterProcess start(String daemon, String... arguments) throws IOException {
    List<String> classPath = new ArrayList<>(List.of(folder.toString()));
    try (Stream<Path> jars = Files.list(Path.of(System.getProperty("simsiam.hadoop")))) {
      jars.forEach(jar -> classPath.add(jar.toString()));
    }
    classPath.addAll(
        ClassPath.of(
            "org/apache/hadoop/hadoop-client-api",
            "org/apache/hadoop/hadoop-client-runtime",
            "org/slf4j",
            "ch/qos/logback"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + ClassPath.logging(),
                "-cp",
                String.join(":", classPath),
                "org.apache.hadoop.hdfs.server." + daemon));
    command.addAll(List.of(arguments));
    ClusterProcess process =
        ClusterProcess.java(Files.createTempFile(folder, "log", ".txt"), Map.of(), command);
    processes.add(process);
    return process;
  }

  @Override
  public Path bucket() {
    return Places.path(address + "/tests");
  }

  @Override
  public List<String> options() {
    return List.of("--hdfsConfiguration=[{\"fs.defaultFS\": \"%s\"}]".formatted(address));
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("HADOOP_CONF_DIR", folder.toString());
  }

  @Override
  public void close() {
    processes.forEach(ClusterProcess::close);
  }
}
