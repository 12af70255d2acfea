package simsiam.pipelines.source.webdataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import simsiam.model.config.InvalidConfigException;
import simsiam.pipelines.source.archive.ArchiveFormat;
import simsiam.pipelines.source.archive.ArchiveIndex;
import simsiam.pipelines.source.archive.TarEntries;
import simsiam.pipelines.source.archive.TarStream;
import simsiam.pipelines.source.listing.RelativeName;
import simsiam.pipelines.source.listing.SourceFile;
import simsiam.pipelines.source.listing.SourceProblem;
import simsiam.pipelines.spool.EachOnce;

/**
 * Goes through a shard: files that follow each other and have the same name up to the first dot of
 * their last part are one sample.
 *
 * @param labelKey key of {@code .json} that has the label; empty: {@code .cls} is the label
 */
record ShardSamples(Path shard, String labelKey) {
  private static final Set<String> IMAGES =
      Set.of("jpg", "jpeg", "png", "webp", "gif", "bmp", "ppm", "pgm", "pbm", "pnm", "tif", "tiff");

  /** Bytes of a label, or of the JSON around it, beyond which it is none. */
  private static final long LABEL_BYTES = 1 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is wrong with a sample: a lower-case word, and {@code expected x, got y}. */
  record Problem(String reason, String text) {}

  /**
   * What belongs together.
   *
   * @param name of the image in the shard; the key where there is no image
   * @param image its file; empty where it was not asked for or cannot be had
   * @param label as written; empty: none
   */
  record Sample(
      String name, Optional<byte[]> image, Optional<String> label, Optional<Problem> problem) {}

  /** Takes samples in the order of the shard. */
  @FunctionalInterface
  interface Visitor {
    void visit(Sample sample) throws IOException;
  }

  /**
   * Reads the shard through.
   *
   * @param images whether the images are wanted too
   * @throws InvalidConfigException if it is damaged, cut, or has names that lead out of it
   */
  void forEach(boolean images, Visitor visitor) throws IOException {
    ArchiveFormat format =
        ArchiveFormat.detect(shard)
            .filter(found -> found != ArchiveFormat.ZIP)
            .orElseThrow(() -> SourceProblem.of("a tar archive, compressed or not", shard));
    Begun begun = new Begun(images);
    TarEntries tar;
    try {
      tar = new TarEntries(format.tar(shard));
    } catch (IOException e) {
      throw ArchiveIndex.damaged(shard, format, e);
    }
    try (tar) {
      for (TarArchiveEntry entry = next(tar, format); entry != null; entry = next(tar, format)) {
        Optional<Member> member = member(entry);
        if (member.isEmpty()) {
          continue;
        }
        if (!member.get().key().equals(begun.key)) {
          begun.end(visitor);
          begun.begin(member.get().key());
        }
        begun.add(member.get(), tar, entry, format);
      }
    }
    begun.end(visitor);
    begun.requireApart();
  }

  private TarArchiveEntry next(TarEntries tar, ArchiveFormat format) {
    try {
      return tar.next();
    } catch (IOException | RuntimeException e) {
      throw ArchiveIndex.damaged(shard, format, e);
    }
  }

  /** A file of a sample. */
  private record Member(String name, String key, String extension) {}

  private Optional<Member> member(TarArchiveEntry entry) {
    String name = entry.getName().replaceFirst("^(\\./)+", "");
    RelativeName.requireInside(name, shard.toString());
    TarEntries.Kind kind = TarEntries.Kind.of(entry);
    if (kind != TarEntries.Kind.FILE && kind != TarEntries.Kind.FOLDER) {
      throw SourceProblem.of(
          "files and folders alone",
          "%s %s (%s)".formatted(kind.name().toLowerCase(Locale.ROOT), name, shard));
    }
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    boolean hidden = dot == name.lastIndexOf('/') + 1;
    if (kind == TarEntries.Kind.FOLDER || dot < 0 || hidden) {
      return Optional.empty(); // no file of a sample, to WebDataset too
    }
    String extension = name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return Optional.of(new Member(name, name.substring(0, dot), extension));
  }

  /** The sample in work. */
  private final class Begun {
    private final boolean images;
    private final EachOnce keys = new EachOnce();
    private String key = "";
    private String name = "";
    private Optional<byte[]> image = Optional.empty();
    private Optional<String> label = Optional.empty();
    private Optional<Problem> problem = Optional.empty();

    Begun(boolean images) {
      this.images = images;
    }

    void begin(String next) {
      keys.add(next);
      key = next;
      name = "";
      image = Optional.empty();
      label = Optional.empty();
      problem = Optional.empty();
    }

    void add(Member member, TarEntries tar, TarArchiveEntry entry, ArchiveFormat format) {
      if (IMAGES.contains(member.extension())) {
        if (!name.isEmpty()) {
          wrong("two_images", "expected one image, got %s and %s".formatted(name, member.name()));
          return;
        }
        name = member.name();
        if (entry.getSize() > SourceFile.MAX_BYTES) {
          wrong("too_large", TarStream.tooLarge(entry.getSize()));
        } else if (images) {
          image = Optional.of(bytes(tar, entry, format));
        }
      } else if (member.extension().equals(labelKey.isEmpty() ? "cls" : "json")) {
        if (entry.getSize() > LABEL_BYTES) {
          wrong("bad_label", "expected a label, got %s bytes".formatted(entry.getSize()));
        } else {
          label(new String(bytes(tar, entry, format), StandardCharsets.UTF_8));
        }
      }
    }

    private void label(String text) {
      if (labelKey.isEmpty()) {
        label = Optional.of(text.strip());
        return;
      }
      try {
        JsonNode value = JSON.readTree(text).path(labelKey);
        if (value.isTextual() || value.isIntegralNumber()) {
          label = Optional.of(value.asText().strip());
        } else if (!value.isMissingNode() && !value.isNull()) {
          wrong(
              "bad_label",
              "expected text or a whole number under %s, got %s".formatted(labelKey, value));
        }
      } catch (JsonProcessingException e) {
        wrong("bad_label", "expected JSON, got " + e.getOriginalMessage());
      }
    }

    private void wrong(String reason, String text) {
      problem = problem.or(() -> Optional.of(new Problem(reason, text)));
    }

    private byte[] bytes(TarEntries tar, TarArchiveEntry entry, ArchiveFormat format) {
      try {
        return tar.bytes(entry);
      } catch (IOException e) {
        throw ArchiveIndex.damaged(shard, format, e);
      }
    }

    void requireApart() {
      keys.first()
          .ifPresent(
              twice -> {
                throw SourceProblem.of(
                    "the files of each sample side by side",
                    "%s again (%s)".formatted(twice.name(), shard));
              });
    }

    void end(Visitor visitor) throws IOException {
      if (key.isEmpty()) {
        return;
      }
      if (name.isEmpty()) {
        wrong("no_image", "expected an image, got none");
      }
      visitor.visit(new Sample(name.isEmpty() ? key : name, image, label, problem));
    }
  }
}
