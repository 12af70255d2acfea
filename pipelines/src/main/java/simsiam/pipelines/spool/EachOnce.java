package simsiam.pipelines.spool;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;

/** Finds what is there twice among any number of names. */
public final class EachOnce {
  private final Sorting<Numbered> sorting =
      new Sorting<>(Numbered.FORM, Comparator.comparing(Numbered::name));

  private record Numbered(String name, int number) {
    static final SpooledList.Form<Numbered> FORM =
        new SpooledList.Form<>() {
          @Override
          public void write(Numbered value, DataOutput out) throws IOException {
            TextForm.TEXT.write(value.name(), out);
            out.writeInt(value.number());
          }

          @Override
          public Numbered read(DataInput in) throws IOException {
            return new Numbered(TextForm.TEXT.read(in), in.readInt());
          }
        };
  }

  private int count;

  /**
   * A name that was there before.
   *
   * @param before how many were added before it
   * @param again how many were added before it was added again
   */
  public record Twice(String name, int before, int again) {}

  public void add(String name) {
    sorting.add(new Numbered(name, count));
    count = Math.addExact(count, 1);
  }

  /** The first name that was there before, if there is one; nothing may be added any more. */
  public Optional<Twice> first() {
    Twice first = null;
    Numbered before = new Numbered("", -1);
    for (Iterator<Numbered> sorted = sorting.iterator(); sorted.hasNext(); ) {
      Numbered next = sorted.next();
      boolean same = before.number() >= 0 && before.name().equals(next.name());
      if (same && (first == null || next.number() < first.again())) {
        first = new Twice(next.name(), before.number(), next.number());
      }
      before = next;
    }
    return Optional.ofNullable(first);
  }
}
