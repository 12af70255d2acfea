package simsiam.pipelines.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Folders that look like built programs. */
final class Distributions {
  private Distributions() {}

  /**
   * Makes one.
   *
   * @param content of its own classes
   * @return its jar
   */
  static Path in(Path folder, String version, String content) throws IOException {
    Path lib = Files.createDirectories(folder.resolve("lib"));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    Path jar = folder.resolve("simsiam.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      out.finish();
    }
    Files.writeString(lib.resolve("simsiam-model-" + version + ".jar"), content);
    Files.writeString(lib.resolve("other-" + version + ".jar"), content + " of others");
    return jar;
  }
}
