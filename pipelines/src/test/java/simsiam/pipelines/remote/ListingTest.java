package simsiam.pipelines.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingTest {
  /** Among them such whose order in UTF-8 is not the one of Java. */
  private static final List<String> PARTS =
      List.of("a", "b", "-", ".", "0", "\u00e4", "\ue000", "\uffff", "\ud83d\ude00");

  private static String key(Random random) {
    StringBuilder key = new StringBuilder();
    for (int depth = random.nextInt(3); depth >= 0; depth--) {
      key.append('/');
      for (int i = random.nextInt(3); i >= 0; i--) {
        key.append(PARTS.get(random.nextInt(PARTS.size())));
      }
    }
    return key.toString();
  }

  private static RemoteAttributes attributes(int number) {
    String version =
        switch (number % 3) {
          case 0 -> "";
          case 1 -> String.format(Locale.ROOT, "\"%032x\"", number);
          default -> "\"%s-2\"".formatted(number);
        };
    return new RemoteAttributes(number, 1_700_000_000_000L + number, version, false);
  }

  private static Listing listing(List<Listed> files) {
    Listing.Builder builder = new Listing.Builder();
    files.forEach(builder::add);
    return builder.build();
  }

  private static List<String> entries(Listing listing, String folder) {
    List<String> entries = new ArrayList<>();
    listing
        .entries(folder)
        .forEachRemaining(
            entry -> entries.add(entry.name() + (entry.attributes().isDirectory() ? "/" : "")));
    return entries;
  }

  /** The entries of a folder by their definition, those of folders with a slash when sorted. */
  private static List<String> expected(Map<String, RemoteAttributes> files, String folder) {
    String prefix = folder.equals("/") ? "/" : folder + "/";
    return files.keySet().stream()
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()).split("/", 2)[0])
        .distinct()
        .map(name -> files.containsKey(prefix + name) ? name : name + "/")
        .sorted((a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()))
        .toList();
  }

  private static void assertSame(
      Listing listing, Map<String, RemoteAttributes> files, Random random) {
    List<String> asked = new ArrayList<>(List.of("/", "/none"));
    IntStream.range(0, 200).forEach(i -> asked.add(key(random)));
    for (String key : files.keySet()) {
      for (int end = key.length(); end > 0; end = key.lastIndexOf('/', end - 1)) {
        asked.add(key.substring(0, end));
      }
    }
    for (String key : asked) {
      boolean folder = files.keySet().stream().anyMatch(file -> file.startsWith(key + "/"));
      assertThat(listing.of(key))
          .isEqualTo(
              Optional.ofNullable(files.get(key))
                  .or(
                      () ->
                          folder || key.equals("/")
                              ? Optional.of(RemoteAttributes.FOLDER)
                              : Optional.empty()));
      assertThat(entries(listing, key)).isEqualTo(expected(files, key));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 128, 129, 700})
  void tellsOfWhatCameInAnyOrderAndTwiceAsAMapWould(int count) {
    Random random = new Random(count);
    List<Listed> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      files.add(new Listed(key(random), attributes(i)));
    }
    Map<String, RemoteAttributes> map = new TreeMap<>();
    files.forEach(file -> map.put(file.name(), file.attributes()));

    assertSame(listing(files), map, random);
  }

  @Test
  void takesPagesInOrderOfWhichOneIsRepeatedAndOneComesLate() {
    Random random = new Random(1);
    List<Listed> files = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      files.add(new Listed(String.format(Locale.ROOT, "/c%02d/%04d", i / 100, i), attributes(i)));
    }
    Map<String, RemoteAttributes> map = new TreeMap<>();
    files.forEach(file -> map.put(file.name(), file.attributes()));
    List<Listed> repeated = new ArrayList<>(files);
    repeated.addAll(300, files.subList(200, 300));
    List<Listed> late = new ArrayList<>(files);
    Collections.rotate(late, 300);
    List<Listed> twice = new ArrayList<>();
    files.forEach(file -> twice.addAll(List.of(new Listed(file.name(), attributes(0)), file)));

    for (List<Listed> pages : List.of(files, repeated, late, twice)) {
      assertSame(listing(pages), map, random);
    }
  }
}
