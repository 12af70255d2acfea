package simsiam.pipelines.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import simsiam.pipelines.spool.Sorting;
import simsiam.pipelines.spool.SpooledList;

/**
 * Files of a store sorted by their keys, of which memory has eight bytes for every {@value #BLOCK}.
 * The order is that of the keys' UTF-8 bytes, in which most stores list them.
 */
final class Listing {
  /** Files that lie together: to find one, those before it are read. */
  private static final int BLOCK = 64;

  /** Java's order is another one: it has characters beyond U+FFFF before U+E000. */
  static final Comparator<String> ORDER = Listing::compare;

  private static final Comparator<Listed> BY_NAME = (a, b) -> compare(a.name(), b.name());

  private final SpooledList<ListedBlock> blocks;

  private Listing(SpooledList<ListedBlock> blocks) {
    this.blocks = blocks;
  }

  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean surrogate = Character.isSurrogate(x);
        return surrogate == Character.isSurrogate(y) ? x - y : surrogate ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  /** Takes files in any order; of several under one key the last counts. */
  static final class Builder {
    private SpooledList.Builder<ListedBlock> blocks = builder();
    private List<Listed> block = new ArrayList<>();

    /** Of files that did not come in order. */
    private Sorting<Listed> sorting;

    private static SpooledList.Builder<ListedBlock> builder() {
      return SpooledList.builder(ListedBlock.FORM, 1);
    }

    void add(Listed file) {
      if (sorting == null && !block.isEmpty() && BY_NAME.compare(last(), file) > 0) {
        Iterator<Listed> before = end().iterator();
        sorting = new Sorting<>(ListedBlock.FILE, BY_NAME);
        before.forEachRemaining(sorting::add);
      }
      if (sorting == null) {
        append(file);
      } else {
        sorting.add(file);
      }
    }

    private Listed last() {
      return block.get(block.size() - 1);
    }

    private void append(Listed file) {
      if (!block.isEmpty() && last().name().equals(file.name())) {
        block.set(block.size() - 1, file);
        return;
      }
      if (block.size() == BLOCK) {
        blocks.add(ListedBlock.of(block));
        block = new ArrayList<>(BLOCK);
      }
      block.add(file);
    }

    Listing build() {
      if (sorting != null) {
        blocks = builder();
        sorting.iterator().forEachRemaining(this::append);
      }
      return end();
    }

    private Listing end() {
      if (!block.isEmpty()) {
        blocks.add(ListedBlock.of(block));
        block = new ArrayList<>();
      }
      return new Listing(blocks.build());
    }
  }

  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** The file of a key, or that it is a folder. */
  Optional<RemoteAttributes> of(String key) {
    Optional<RemoteAttributes> file = file(key);
    if (file.isPresent()) {
      return file;
    }
    String prefix = prefix(key);
    Files below = from(prefix);
    return below.hasNext() && below.next().name().startsWith(prefix)
        ? Optional.of(RemoteAttributes.FOLDER)
        : Optional.empty();
  }

  private Optional<RemoteAttributes> file(String key) {
    Files files = from(key);
    Listed found = files.hasNext() ? files.next() : null;
    return found != null && found.name().equals(key)
        ? Optional.of(found.attributes())
        : Optional.empty();
  }

  private Iterator<Listed> iterator() {
    return new Files(0, "");
  }

  /** Files from the first on whose key is not before this one. */
  private Files from(String key) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (compare(blocks.get(middle).first(), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return new Files(Math.max(0, high), key);
  }

  /** Goes through the files in order. */
  private final class Files implements Iterator<Listed> {
    private int block;
    private Iterator<Listed> ofBlock = List.<Listed>of().iterator();
    private Listed next;

    Files(int block, String first) {
      this.block = block;
      advance(first);
    }

    private void advance(String first) {
      while (!ofBlock.hasNext() && block < blocks.size()) {
        ofBlock = blocks.get(block++).from(first);
      }
      next = ofBlock.hasNext() ? ofBlock.next() : null;
    }

    /** What {@link #next} gives; null at the end. */
    Listed peek() {
      return next;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Listed next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Listed result = next;
      advance("");
      return result;
    }
  }

  static String prefix(String folder) {
    return folder.equals("/") ? folder : folder + "/";
  }

  /** What is directly inside a folder, in the order of keys, as it is asked for. */
  Iterator<Listed> entries(String folder) {
    String prefix = prefix(folder);
    return new Iterator<>() {
      private Files files = from(prefix);
      private Listed next = following();

      private Listed following() {
        while (files.hasNext() && files.peek().name().startsWith(prefix)) {
          String key = files.peek().name();
          int end = key.indexOf('/', prefix.length());
          if (end < 0) {
            return new Listed(key.substring(prefix.length()), files.next().attributes());
          }
          String child = key.substring(0, end);
          files = from(child + (char) ('/' + 1)); // behind all that is in it
          if (file(child).isEmpty()) { // a file of that name has been there already
            return new Listed(child.substring(prefix.length()), RemoteAttributes.FOLDER);
          }
        }
        return null;
      }

      @Override
      public boolean hasNext() {
        return next != null;
      }

      @Override
      public Listed next() {
        if (next == null) {
          throw new NoSuchElementException();
        }
        Listed result = next;
        next = following();
        return result;
      }
    };
  }
}
