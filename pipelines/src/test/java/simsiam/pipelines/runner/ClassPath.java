package simsiam.pipelines.runner;

import java.util.Arrays;
import java.util.List;

/** What a cluster is installed with: the jars of this test's class path that make it up. */
public final class ClassPath {
  private ClassPath() {}

  /** How a process of a cluster logs: warnings alone. */
  public static String logging() {
    return ClassPath.class.getResource("/logback-test.xml").toString();
  }

  /** The jars from these folders of a Maven repository: nothing of this product, nor of Beam. */
  public static List<String> of(String... groups) {
    return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(entry -> Arrays.stream(groups).anyMatch(group -> entry.contains("/" + group + "/")))
        .toList();
  }
}
