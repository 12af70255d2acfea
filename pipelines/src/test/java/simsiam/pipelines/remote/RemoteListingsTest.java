package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteListingsTest {
  private static List<String> names(RemoteListings listings, String folder) throws IOException {
    List<String> names = new ArrayList<>();
    listings
        .entries((RemotePath) Places.path(folder))
        .forEachRemaining(path -> names.add(path.getFileName().toString()));
    return names;
  }

  @Test
  void aListIsBelievedForAMinuteAndOneThatTookLongerForAsLong() throws IOException {
    String root = "fake://believed";
    FakeFileSystem.put(root + "/set/1.png", new byte[1]);
    long minute = TimeUnit.MINUTES.toNanos(1);
    AtomicLong now = new AtomicLong();
    RemoteListings quick = new RemoteListings(root, now::get);
    AtomicLong slowNow = new AtomicLong();
    RemoteListings slow = new RemoteListings(root, () -> slowNow.getAndAdd(10 * minute));
    names(quick, root + "/set");
    names(slow, root + "/set");
    FakeFileSystem.put(root + "/set/2.png", new byte[1]);

    now.addAndGet(minute - 1);
    assertThat(names(quick, root + "/set")).containsExactly("1.png");
    now.addAndGet(1);
    assertThat(names(quick, root + "/set")).containsExactly("1.png", "2.png");
    slowNow.set(20 * minute - 1);
    assertThat(names(slow, root + "/set")).containsExactly("1.png");
    slowNow.set(20 * minute);
    assertThat(names(slow, root + "/set")).containsExactly("1.png", "2.png");
  }

  @Test
  void whatThisProcessChangesShowsAtOnceAlsoInPathsThatWereFoundBefore() throws IOException {
    Path folder = Places.path("fake://changed/set");
    Files.write(folder.resolve("1.png"), new byte[1]);
    Files.write(folder.resolve("2.png"), new byte[1]);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    }

    Files.write(folder.resolve("1.png"), new byte[5]);
    Files.delete(folder.resolve("2.png"));

    assertThat(Files.size(found.get(0))).isEqualTo(5);
    assertThat(Files.exists(found.get(1))).isFalse();
  }

  @Test
  void ofAPathThatWasFoundTheFirstAnswerIsWhatWasListedHoweverLongAgo() throws IOException {
    String root = "fake://walked";
    FakeFileSystem.put(root + "/set/1.png", new byte[1]);
    AtomicLong now = new AtomicLong();
    RemoteListings listings = new RemoteListings(root, now::get);
    RemotePath found = listings.entries((RemotePath) Places.path(root + "/set")).next();
    FakeFileSystem.put(root + "/set/1.png", new byte[7]);
    now.set(TimeUnit.HOURS.toNanos(1));

    assertThat(listings.attributes(found).size()).isEqualTo(1);
    assertThat(listings.attributes(found).size()).isEqualTo(7);
  }

  @Test
  void aFolderCanBeFilteredAndAFileIsNone() throws IOException {
    Path folder = Places.path("fake://filtered/set");
    for (String name : List.of("1.png", "2.jpg", "3.png")) {
      Files.write(folder.resolve(name), new byte[1]);
    }

    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.png")) {
      assertThat(entries.iterator())
          .toIterable()
          .containsExactly(folder.resolve("1.png"), folder.resolve("3.png"));
      assertThatThrownBy(entries::iterator).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> Files.newDirectoryStream(folder.resolve("1.png")))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void aFileThatAFolderIsCalledLikeIsListedOnce() throws IOException {
    Path folder = Places.path("fake://both/set");
    for (String name : List.of("a", "a-b", "a/1.png")) {
      Files.write(folder.resolve(name), new byte[1]);
    }

    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      assertThat(entries.iterator())
          .toIterable()
          .containsExactly(folder.resolve("a"), folder.resolve("a-b"));
    }
  }

  /** Walks a made-up tree; prints how many files it has come to and how large they are together. */
  public static void main(String[] place) throws IOException {
    Path root = Places.path(place[0]);
    long[] sums = new long[2];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            sums[0]++;
            sums[1] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    Path one = root.resolve("class-00001/image-0456789.jpg");
    System.out.printf("%s %s %s%n", sums[0], sums[1], Files.size(one));
  }

  @Test
  void aMillionFilesAreWalkedInAHeapOf64Megabytes(@TempDir Path work) throws Exception {
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                RemoteListingsTest.class.getName(),
                "simulated://2x500000/")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.waitFor();

    int bytes = "/class-00001/image-0456789.jpg".length();
    assertThat(Files.readAllLines(output))
        .endsWith("1000000 %s %s".formatted(1_000_000 * bytes, bytes));
  }
}
