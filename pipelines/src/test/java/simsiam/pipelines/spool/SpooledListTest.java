package simsiam.pipelines.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpooledListTest {
  private static final SpooledList.Form<String> TEXT = TextForm.TEXT;

  /** Texts of up to 200,000 characters, more than a block of them. */
  private static List<String> texts() {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      int length = i % 50 == 0 ? random.nextInt(200_000) : random.nextInt(40);
      texts.add("\ud800 %s ".formatted(i) + "\u00e4".repeat(length));
    }
    return texts;
  }

  @Test
  void hasWhatWasPutInAlsoBeyondWhatIsInMemory() {
    List<String> texts = texts();
    SpooledList.Space space = new SpooledList.Space();
    List<SpooledList<String>> lists = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      lists.add(space.list(TEXT, texts.subList(i, texts.size()).iterator()));
    }

    for (int i = 0; i < 4; i++) {
      List<String> expected = texts.subList(i, texts.size());
      assertThat(lists.get(i).equals(expected)).as("list %s", i).isTrue();
      for (int at : new int[] {0, 1, 255, 256, 257, 700, expected.size() - 1}) {
        assertThat(lists.get(i).get(at).equals(expected.get(at))).as("at %s", at).isTrue();
      }
    }
  }

  @Test
  void aPartIsThatOfTheList() {
    List<String> texts = texts();
    SpooledList.Builder<String> builder = SpooledList.builder(TEXT);
    texts.forEach(builder::add);
    SpooledList<String> all = builder.build();
    Random random = new Random(3);
    for (int i = 0; i < 30; i++) {
      int from = random.nextInt(texts.size() + 1);
      int to = from + random.nextInt(texts.size() + 1 - from);
      SpooledList<String> part = all.subList(from, to);
      List<String> expected = texts.subList(from, to);
      assertThat(part.stream().toList().equals(expected)).isTrue();
      if (to > from) {
        int inner = random.nextInt(to - from);
        assertThat(part.get(inner).equals(expected.get(inner))).isTrue();
        List<String> rest = part.subList(inner, to - from).stream().toList();
        assertThat(rest.equals(expected.subList(inner, to - from))).isTrue();
      }
    }
    assertThatThrownBy(() -> all.subList(3, texts.size() + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void findsWhereSomethingBeginsToBeTrue() {
    SpooledList.Builder<String> builder = SpooledList.builder(TEXT);
    IntStream.range(0, 1_000).forEach(i -> builder.add(String.valueOf(2 * i)));
    SpooledList<String> list = builder.build();

    for (int wanted : new int[] {-1, 0, 1, 511, 512, 513, 1_998, 1_999, 3_000}) {
      int expected = Math.max(0, Math.min(1_000, (wanted + 1) / 2));
      assertThat(list.first(text -> Integer.parseInt(text) >= wanted)).isEqualTo(expected);
    }
    assertThat(list.subList(5, 5).first(text -> true)).isZero();
  }

  /** Half of a surrogate pair, and more than {@code writeUTF} takes. */
  @Test
  void aTextMayHaveAnyLengthAndCharacters() {
    List<String> texts = new ArrayList<>(List.of("", "\0", "\ud800", "\ud83d\ude00"));
    for (int length : new int[] {19_999, 20_000, 20_001, 40_000, 100_001}) {
      texts.add("\u20ac".repeat(length - 1) + "\ud83d");
    }
    SpooledList.Builder<String> builder = SpooledList.builder(TEXT);
    texts.forEach(builder::add);

    assertThat(builder.build().equals(texts)).isTrue();
  }

  @Test
  void distinctTextsAreThereOnceEach() {
    DistinctTexts distinct = new DistinctTexts();
    Random random = new Random(4);
    TreeSet<String> expected = new TreeSet<>();
    for (int i = 0; i < 70_000; i++) {
      String text = "n" + random.nextInt(20_000);
      expected.add(text);
      distinct.add(text);
    }
    assertThat(distinct.add("m")).isTrue();
    assertThat(distinct.add("m")).isFalse();
    expected.add("m");

    assertThat(distinct.list().equals(List.copyOf(expected))).isTrue();
  }

  @Test
  void theFirstNameThatIsThereAgainIsFound() {
    Random random = new Random(5);
    for (int round = 0; round < 200; round++) {
      EachOnce names = new EachOnce();
      Map<String, Integer> seen = new HashMap<>();
      Optional<EachOnce.Twice> expected = Optional.empty();
      for (int i = 0; i < 12; i++) {
        String name = "n" + random.nextInt(40);
        names.add(name);
        Integer before = seen.put(name, i);
        if (before != null && expected.isEmpty()) {
          expected = Optional.of(new EachOnce.Twice(name, before, i));
        }
      }

      assertThat(names.first()).isEqualTo(expected);
    }
  }

  @Test
  void anEmptyOneIsEmpty() {
    SpooledList<String> none = SpooledList.builder(TEXT).build();

    assertThat(none).isEmpty();
    assertThatThrownBy(() -> none.iterator().next()).isInstanceOf(NoSuchElementException.class);
    assertThatThrownBy(() -> none.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void aValueLargerThanABlockIsRefused() {
    SpooledList.Builder<String> builder = SpooledList.builder(TEXT);

    assertThatThrownBy(() -> builder.add("x".repeat(Spool.BLOCK)))
        .hasMessageStartingWith("Cannot keep a record: expected at most 4194304 bytes, got ");
  }

  /** The order is that of Java's strings, in which surrogates come before some other letters. */
  @Test
  void sortsMoreThanIsInMemoryAsListsAreSorted() {
    Random random = new Random(2);
    List<String> names =
        IntStream.range(0, 3 * Sorting.RUN + 17)
            .mapToObj(
                i ->
                    switch (random.nextInt(5)) {
                          case 0 -> "\ufb01";
                          case 1 -> "\ud83d\ude00";
                          case 2 -> "Z/";
                          default -> "a" + random.nextInt(100) + "/";
                        }
                        + random.nextInt(30_000))
            .toList();
    Comparator<String> beforeSlash = Comparator.comparing(name -> name.split("/", 2)[0]);
    for (Comparator<String> order : List.of(Comparator.<String>naturalOrder(), beforeSlash)) {
      Sorting<String> sorting = new Sorting<>(TEXT, order);
      names.forEach(sorting::add);
      List<String> sorted = new ArrayList<>();
      sorting.iterator().forEachRemaining(sorted::add);

      assertThat(sorted.equals(names.stream().sorted(order).toList())).isTrue();
    }
  }

  /** Lists of a thousand folders would need more files than a process may have open. */
  @Test
  void whatIsSortedAndBuiltHoldsNoFileOpen() throws IOException {
    List<Object> held = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Sorting<String> sorting = new Sorting<>(TEXT, Comparator.naturalOrder());
      SpooledList.Builder<String> builder = SpooledList.builder(TEXT);
      for (int n = 0; n < 2 * Sorting.RUN + 1; n++) {
        String text = "%s %s".formatted(n % 1000, "x".repeat(100));
        sorting.add(text);
        builder.add(text);
      }
      held.add(sorting.iterator());
      held.add(builder.build());
    }

    assertThat(held).hasSize(6);
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      assertThat(open.filter(Files::isSymbolicLink).map(SpooledListTest::target))
          .isNotEmpty()
          .noneMatch(target -> target.contains(".spool"));
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) { // closed meanwhile
      return "";
    }
  }
}
