package simsiam.pipelines.source.listing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The names by which splits go, in any case: the words that Hugging Face's {@code datasets} knows,
 * alone or with {@code set} after them ({@code training_set}).
 *
 * @see <a href="https://huggingface.co/docs/datasets/repository_structure">their table</a>
 */
public enum SplitName {
  TRAIN,
  VALIDATION,
  TEST;

  private List<String> words() {
    return switch (this) {
      case TRAIN -> List.of("train", "training");
      case VALIDATION -> List.of("val", "valid", "validation", "dev");
      case TEST -> List.of("test", "testing", "eval", "evaluation");
    };
  }

  /** The split that a name says, if it says one. */
  public static Optional<SplitName> of(String name) {
    String word = name.toLowerCase(Locale.ROOT).replaceAll("(?<=.)[_ -]?set$", "");
    return Arrays.stream(values()).filter(split -> split.words().contains(word)).findFirst();
  }

  /** The first split that is a word of a name: {@code train} of {@code seg_train2}. */
  public static Optional<SplitName> within(String name) {
    return Arrays.stream(name.split("[^A-Za-z]+"))
        .map(SplitName::of)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** All names, for messages: {@code train (training), ...}. */
  public static String table() {
    return Arrays.stream(values())
        .map(
            split ->
                "%s (%s)"
                    .formatted(
                        split.words().get(0),
                        String.join(", ", split.words().subList(1, split.words().size()))))
        .collect(Collectors.joining(", "));
  }
}
