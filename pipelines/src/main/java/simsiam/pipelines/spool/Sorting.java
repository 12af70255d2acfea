package simsiam.pipelines.spool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Sorts any number of values: runs of some thousands in memory, which are merged. Equal values stay
 * in the order in which they came.
 */
public final class Sorting<T> {
  /** Values in memory at a time; some megabytes of names. */
  static final int RUN = 20_000;

  private final SpooledList.Form<T> form;
  private final Comparator<? super T> order;
  private final SpooledList.Space runs = new SpooledList.Space();
  private final List<List<T>> sorted = new ArrayList<>();
  private List<T> run = new ArrayList<>();

  public Sorting(SpooledList.Form<T> form, Comparator<? super T> order) {
    this.form = form;
    this.order = order;
  }

  public void add(T value) {
    if (run.size() == RUN) {
      run.sort(order);
      sorted.add(runs.list(form, run.iterator()));
      run = new ArrayList<>();
    }
    run.add(value);
  }

  /** All of them in order; nothing may be added any more. */
  public Iterator<T> iterator() {
    run.sort(order);
    runs.seal();
    List<Iterator<T>> all = new ArrayList<>();
    sorted.forEach(list -> all.add(list.iterator()));
    all.add(run.iterator());
    return all.size() == 1 ? all.get(0) : new Merge<>(all, order);
  }

  /** All of them in order, as a list in a space of its own; nothing may be added any more. */
  public SpooledList<T> list() {
    SpooledList.Builder<T> list = SpooledList.builder(form);
    iterator().forEachRemaining(list::add);
    return list.build();
  }

  private static final class Merge<T> implements Iterator<T> {
    private final PriorityQueue<Head<T>> heads;

    /** What comes next of a run. */
    private record Head<T>(T value, int run, Iterator<T> left) {}

    Merge(List<Iterator<T>> runs, Comparator<? super T> order) {
      Comparator<Head<T>> byValue = (a, b) -> order.compare(a.value(), b.value());
      heads = new PriorityQueue<>(byValue.thenComparingInt(Head::run));
      for (int i = 0; i < runs.size(); i++) {
        push(i, runs.get(i));
      }
    }

    private void push(int run, Iterator<T> left) {
      if (left.hasNext()) {
        heads.add(new Head<>(left.next(), run, left));
      }
    }

    @Override
    public boolean hasNext() {
      return !heads.isEmpty();
    }

    @Override
    public T next() {
      Head<T> head = heads.poll();
      if (head == null) {
        throw new NoSuchElementException();
      }
      push(head.run(), head.left());
      return head.value();
    }
  }
}
