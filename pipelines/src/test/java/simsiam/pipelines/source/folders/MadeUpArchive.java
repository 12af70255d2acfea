package simsiam.pipelines.source.folders;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An archive of small files {@code class-17/image-5.jpg}, each of which holds its name below {@code
 * /set/}, and of a hidden file beside each third of them. They come in no order.
 */
final class MadeUpArchive {
  private MadeUpArchive() {}

  static void write(Path archive, String format, List<String> classes, List<String> images)
      throws IOException {
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive), 1 << 20)) {
      if (format.equals("zip")) {
        zip(file, classes, images);
      } else if (format.equals("tar")) {
        tar(file, classes, images);
      } else {
        try (OutputStream packed = fastest(file)) {
          tar(packed, classes, images);
        }
      }
    }
  }

  private static OutputStream fastest(OutputStream file) throws IOException {
    return new GZIPOutputStream(file, 1 << 16) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }

  private static List<String> names(List<String> classes, String image, int number) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      String folder = classes.get((i * 7 + number) % classes.size()) + "/";
      names.add(folder + image);
      if (number % 3 == 0) {
        names.add(folder + "._" + image);
      }
    }
    return names;
  }

  private static void tar(OutputStream out, List<String> classes, List<String> images)
      throws IOException {
    byte[] record = new byte[TarConstants.DEFAULT_RCDSIZE];
    for (int i = images.size() - 1; i >= 0; i--) {
      for (String name : names(classes, images.get(i), i)) {
        byte[] content = ("/set/" + name).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.writeEntryHeader(record);
        out.write(record);
        out.write(content);
        out.write(new byte[record.length - content.length]);
      }
    }
    out.write(new byte[2 * record.length]);
  }

  private static void zip(OutputStream out, List<String> classes, List<String> images)
      throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    zip.setMethod(ZipOutputStream.STORED);
    for (int i = images.size() - 1; i >= 0; i--) {
      for (String name : names(classes, images.get(i), i)) {
        byte[] content = ("/set/" + name).getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
      }
    }
    zip.finish();
  }
}
