package simsiam.pipelines.stage;

import java.util.SortedMap;
import java.util.TreeMap;

/** What the program is and runs on. */
public final class Versions {
  private Versions() {}

  /** Of the program, Java and the operating system. */
  public static SortedMap<String, String> current() {
    SortedMap<String, String> versions = new TreeMap<>();
    versions.put("simsiam", program());
    versions.put("java", Runtime.version() + " " + System.getProperty("java.vendor"));
    versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    versions.put("arch", System.getProperty("os.arch"));
    return versions;
  }

  /** The program's version, from the jar's manifest. */
  public static String program() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The digest of a text and of the program: another version gives another one. */
  public static String digest(String text) {
    return Fingerprint.of(text + program());
  }
}
