package simsiam.model.data;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of an image that may show any number of classes. An image that shows none is known
 * to show none; one of which nothing is known has no label set.
 *
 * @param present indices of the classes that it shows, rising
 * @param ignored indices of those of which it says nothing, rising: with VOC's objects that are
 *     marked difficult, and no other of their class, it is neither an example nor a counterexample
 */
public record LabelSet(List<Integer> present, List<Integer> ignored)
    implements Serializable, Comparable<LabelSet> {
  private static final Comparator<List<Integer>> LEXICOGRAPHIC = LabelSet::compare;

  public LabelSet {
    present = List.copyOf(new TreeSet<>(present));
    ignored = List.copyOf(new TreeSet<>(ignored));
    Set<Integer> both = new HashSet<>(present);
    both.retainAll(ignored);
    if (!both.isEmpty() || present.stream().anyMatch(c -> c < 0)) {
      throw new IllegalArgumentException(
          "Cannot make a label set: expected classes that are either shown or ignored, got %s and %s"
              .formatted(present, ignored));
    }
  }

  @Override
  public int compareTo(LabelSet other) {
    int byPresent = LEXICOGRAPHIC.compare(present, other.present);
    return byPresent != 0 ? byPresent : LEXICOGRAPHIC.compare(ignored, other.ignored);
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!a.get(i).equals(b.get(i))) {
        return a.get(i).compareTo(b.get(i));
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
