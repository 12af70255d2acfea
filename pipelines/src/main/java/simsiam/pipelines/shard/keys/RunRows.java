package simsiam.pipelines.shard.keys;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The keys of one run, and which of its images that are equal may be kept. What a run can tell by
 * itself it does not send to others: of a million equal images only one of each run goes there.
 */
public final class RunRows implements Iterable<KeyRow> {
  private final List<KeyRow> rows = new ArrayList<>();
  private final Map<ByteBuffer, KeyRow> keepers = new HashMap<>();

  private RunRows() {}

  /** Reads the keys. */
  public static RunRows of(RunKeys keys, RunTask run) {
    RunRows all = new RunRows();
    keys.forEach(
        run,
        row -> {
          all.rows.add(row);
          all.keepers.merge(digest(row), row, KeyRow::kept);
        });
    return all;
  }

  static ByteBuffer digest(KeyRow row) {
    return ByteBuffer.wrap(row.key().digest());
  }

  /** The image that this run would keep of those equal to an image of it, maybe that one itself. */
  public KeyRow keeper(KeyRow row) {
    return keepers.get(digest(row));
  }

  Collection<KeyRow> keepers() {
    return keepers.values();
  }

  public int size() {
    return rows.size();
  }

  /** In row order. */
  @Override
  public Iterator<KeyRow> iterator() {
    return rows.iterator();
  }
}
