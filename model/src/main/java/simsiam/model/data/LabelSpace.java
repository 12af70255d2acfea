package simsiam.model.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the labels of a set of images stand for. With one class an image, a label is the index of
 * its class. With any number of them it is the index of their {@link LabelSet} among those that the
 * data set has, each once (the label powerset): so an image carries one number wherever it goes.
 *
 * @param classNames by index; empty where there are no labels
 * @param sets by label, rising; empty where images have one class each
 */
public record LabelSpace(List<String> classNames, List<LabelSet> sets) implements Serializable {
  public LabelSpace {
    classNames = List.copyOf(classNames);
    sets = List.copyOf(sets);
    for (LabelSet set : sets) {
      List<Integer> all = new ArrayList<>(set.present());
      all.addAll(set.ignored());
      for (int index : all) {
        if (index < 0 || index >= classNames.size()) {
          throw new IllegalArgumentException(
              "Cannot use labels: expected classes from 0 to %s, got %s"
                  .formatted(classNames.size() - 1, set));
        }
      }
    }
  }

  /** That of images with one class each, or of images without labels. */
  public static LabelSpace of(List<String> classNames) {
    return new LabelSpace(classNames, List.of());
  }

  /** That of images with these label sets, each once or more. */
  public static LabelSpace of(List<String> classNames, Collection<LabelSet> found) {
    return new LabelSpace(classNames, found.stream().distinct().sorted().toList());
  }

  /** The label of a label set. */
  public int label(LabelSet set) {
    return Collections.binarySearch(sets, set);
  }

  /** Whether an image may show several classes. */
  public boolean multiLabel() {
    return !sets.isEmpty();
  }

  /** Labels are from 0 to below this. */
  public int labels() {
    return multiLabel() ? sets.size() : classNames.size();
  }

  /** Whether an image with that label is an example of a class. */
  public boolean shows(int label, int classIndex) {
    return multiLabel()
        ? label >= 0 && sets.get(label).present().contains(classIndex)
        : label == classIndex;
  }

  /** Whether it is neither an example of the class nor a counterexample. */
  public boolean ignores(int label, int classIndex) {
    return label < 0 || (multiLabel() && sets.get(label).ignored().contains(classIndex));
  }

  /** For people, by label: a class, or all that a label set shows. */
  public List<String> names() {
    return multiLabel()
        ? sets.stream()
            .map(
                set ->
                    set.present().isEmpty()
                        ? "(none)"
                        : set.present().stream()
                            .map(classNames::get)
                            .collect(Collectors.joining(" + ")))
            .toList()
        : classNames;
  }

  /** Images by class, from images by label. */
  public List<Long> classCounts(List<Long> byLabel) {
    if (!multiLabel()) {
      return byLabel;
    }
    long[] counts = new long[classNames.size()];
    for (int label = 0; label < byLabel.size(); label++) {
      for (int index : sets.get(label).present()) {
        counts[index] += byLabel.get(label);
      }
    }
    List<Long> result = new ArrayList<>();
    for (long count : counts) {
      result.add(count);
    }
    return result;
  }
}
