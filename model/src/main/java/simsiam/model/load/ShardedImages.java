package simsiam.model.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import simsiam.model.data.ImageExample;
import simsiam.model.data.RowGroup;
import simsiam.model.data.ShardReader;
import simsiam.model.data.SplitLayout;
import simsiam.model.image.RgbImage;

/**
 * Images that stay in their shards, for sets larger than the memory. An epoch is read ahead in the
 * order of its shuffle and holds about one window of it; single images are read with their row
 * group, of which the last few used are kept, so that going through them in order reads each once.
 */
final class ShardedImages implements ImageSet {
  private static final int KEPT_GROUPS = 3;

  private final SplitLayout layout;
  private final RowShuffle shuffle;
  private final ExampleDecoder decoder;
  private final Map<Integer, List<ImageExample>> groups =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<ImageExample>> eldest) {
          return size() > KEPT_GROUPS;
        }
      };

  ShardedImages(SplitLayout layout, RowShuffle shuffle) {
    this.layout = layout;
    this.shuffle = shuffle;
    this.decoder = new ExampleDecoder(layout.encoding());
  }

  ExampleDecoder decoder() {
    return decoder;
  }

  @Override
  public int size() {
    return layout.rows();
  }

  @Override
  public String id(int index) {
    return example(index).id();
  }

  @Override
  public int label(int index) {
    return example(index).label();
  }

  @Override
  public int[] areas() {
    return layout.groups().stream()
        .map(RowGroup::file)
        .distinct()
        .flatMapToInt(file -> Arrays.stream(ShardReader.areas(file)))
        .toArray();
  }

  @Override
  public RgbImage image(int index) {
    return decoder.decode(example(index));
  }

  @Override
  public RowShuffle.Plan plan(long seed, int epoch) {
    return shuffle.plan(seed, epoch);
  }

  @Override
  public RowShuffle.Plan planInOrder() {
    return shuffle.inOrder();
  }

  @Override
  public EpochImages open(RowShuffle.Plan plan, int first) {
    return new StreamedEpoch(this, plan, first, shuffle.memory());
  }

  /** Shard and row of an image. */
  String place(int index) {
    RowGroup group = layout.groups().get(layout.groupOf(index));
    return "row %s of row group %s of %s"
        .formatted(index - group.first(), group.group(), group.file());
  }

  private synchronized ImageExample example(int index) {
    int number = layout.groupOf(index);
    List<ImageExample> rows = groups.get(number);
    if (rows == null) {
      rows = read(layout.groups().get(number));
      groups.put(number, rows);
    }
    return rows.get(index - layout.groups().get(number).first());
  }

  private static List<ImageExample> read(RowGroup group) {
    try (ShardReader reader = new ShardReader(group.file())) {
      List<ImageExample> rows = new ArrayList<>(group.rows());
      for (Iterator<ImageExample> row = reader.rowGroup(group.group()); row.hasNext(); ) {
        rows.add(row.next());
      }
      return rows;
    }
  }
}
