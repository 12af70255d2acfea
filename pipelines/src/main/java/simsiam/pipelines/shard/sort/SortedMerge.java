package simsiam.pipelines.shard.sort;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Merges sorted rows of several files, one of each in memory. */
final class SortedMerge {
  private SortedMerge() {}

  /** Sorted rows of an open file. */
  interface Rows<T> extends Closeable {
    /** Moves to the next row; false at the end. */
    boolean advance() throws IOException;

    T current();
  }

  /** A file that can be opened. */
  @FunctionalInterface
  interface Input<T> {
    Rows<T> open() throws IOException;
  }

  /** Takes rows in order. */
  @FunctionalInterface
  interface Output<T> {
    void accept(T row) throws IOException;
  }

  static <T extends Comparable<? super T>> void merge(List<Input<T>> inputs, Output<T> output)
      throws IOException {
    List<Rows<T>> opened = new ArrayList<>();
    try {
      PriorityQueue<Rows<T>> queue = new PriorityQueue<>(Comparator.comparing(Rows::current));
      for (Input<T> input : inputs) {
        Rows<T> rows = input.open();
        opened.add(rows);
        if (rows.advance()) {
          queue.add(rows);
        }
      }
      while (!queue.isEmpty()) {
        Rows<T> first = queue.remove();
        output.accept(first.current());
        if (first.advance()) {
          queue.add(first);
        }
      }
    } finally {
      for (Rows<T> rows : opened) {
        rows.close();
      }
    }
  }
}
