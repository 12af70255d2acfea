package simsiam.pipelines.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A standalone Spark cluster on this machine: a Master and Workers, each a process. */
public final class SparkCluster implements AutoCloseable {
  private final Path home;
  private final Map<String, String> environment;
  private final int port = ClusterProcess.freePort();
  private final ClusterProcess master;
  private final List<ClusterProcess> workers = new ArrayList<>();

  SparkCluster(Path folder) throws IOException, InterruptedException {
    this(folder, Map.of());
  }

  /**
   * Starts it.
   *
   * @param environment further variables of its processes
   */
  SparkCluster(Path folder, Map<String, String> environment)
      throws IOException, InterruptedException {
    this(folder, environment, 1);
  }

  /**
   * Starts it.
   *
   * @param count of workers
   */
  public SparkCluster(Path folder, Map<String, String> environment, int count)
      throws IOException, InterruptedException {
    this.home = Files.createDirectories(folder);
    this.environment = environment;
    Path jars = Files.createDirectory(home.resolve("jars"));
    List<String> installed =
        ClassPath.of(
            "org/apache/spark",
            "org/apache/hadoop/hadoop-client-api",
            "org/apache/hadoop/hadoop-client-runtime",
            "org/apache/commons",
            "org/apache/logging",
            "org/apache/zookeeper",
            "org/apache/curator",
            "org/apache/xbean",
            "org/scala-lang",
            "org/json4s",
            "org/glassfish",
            "org/roaringbitmap",
            "org/lz4",
            "org/xerial",
            "org/slf4j",
            "org/objenesis",
            "org/javassist",
            "org/rocksdb",
            "org/fusesource",
            "com/fasterxml/jackson",
            "com/twitter",
            "com/esotericsoftware",
            "com/google/guava",
            "com/google/code",
            "com/google/crypto",
            "com/ning",
            "com/github/luben",
            "com/thoughtworks",
            "com/clearspring",
            "commons-cli",
            "commons-codec",
            "commons-collections",
            "commons-io",
            "ch/qos/logback",
            "io/netty",
            "io/dropwizard",
            "jakarta",
            "javax",
            "net/razorvine",
            "net/sf",
            "oro");
    for (String jar : installed) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    master =
        start("org.apache.spark.deploy.master.Master", "--port", port + "", "--webui-port", "0");
    master.awaitPort(port);
    for (int i = 0; i < count; i++) {
      workers.add(
          start(
              "org.apache.spark.deploy.worker.Worker",
              "--cores",
              "2",
              "--memory",
              "1g",
              "--webui-port",
              "0",
              "--work-dir",
              home.resolve("work-" + i).toString(),
              address()));
    }
  }

  private ClusterProcess start(String main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dlogback.configurationFile=" + ClassPath.logging(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                home.resolve("jars") + "/*",
                main,
                "--host",
                "127.0.0.1"));
    command.addAll(List.of(arguments));
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("SPARK_HOME", home.toString());
    variables.put("SPARK_LOCAL_IP", "127.0.0.1");
    // Which a release has in the names of its folders.
    variables.put("SPARK_SCALA_VERSION", "2.12");
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    return ClusterProcess.java(Files.createTempFile(home, "log", ".txt"), variables, command);
  }

  /** Where jobs are sent to. */
  public String address() {
    return "spark://127.0.0.1:" + port;
  }

  /** What the workers have started. */
  public List<ProcessHandle> executors() {
    return workers.stream().flatMap(worker -> worker.children().stream()).toList();
  }

  ClusterProcess worker() {
    return workers.get(0);
  }

  @Override
  public void close() {
    workers.forEach(ClusterProcess::close);
    master.close();
  }
}
