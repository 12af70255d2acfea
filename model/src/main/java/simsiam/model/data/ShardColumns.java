package simsiam.model.data;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import simsiam.model.data.table.Fields;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.RowWriter;

/**
 * Example schema v2, the rows of a shard: {@code id} string, {@code label} int64 (-1 unknown),
 * {@code height} and {@code width} int32 in pixels, {@code image} a group of {@code bytes}, an
 * image file as the footer key {@code image.encoding} says, and {@code path}, which is null. These
 * are the types that {@code datasets} of Hugging Face asks for, as is that all may be null; none
 * but {@code path} is.
 *
 * <p>Where images may show several classes, {@code label} is the index of a {@link LabelSet}, and
 * {@code labels} and {@code ignored_labels}, which are lists of class indices or null where
 * unknown, tell it to others. They are written only: to this program the manifest has the sets.
 */
final class ShardColumns {
  static final int VERSION = 2;
  static final String IMAGE_BYTES = "image.bytes";
  static final String LABELS = "labels";
  static final String IGNORED_LABELS = "ignored_labels";

  private static final Type BYTES = Types.optional(BINARY).named("bytes");
  private static final Type HEIGHT = Types.optional(INT32).named("height");
  private static final Type WIDTH = Types.optional(INT32).named("width");
  private static final Type PATH = Types.optional(BINARY).as(stringType()).named("path");
  private static final MessageType AREA = new MessageType("example", HEIGHT, WIDTH);
  private static final MessageType READ = message(BYTES);
  private static final MessageType WRITTEN = message(BYTES, PATH);
  private static final MessageType WRITTEN_WITH_LABELS =
      WRITTEN.union(new MessageType("example", classes(LABELS), classes(IGNORED_LABELS)));

  private ShardColumns() {}

  private static MessageType message(Type... image) {
    return new MessageType(
        "example",
        Types.optional(BINARY).as(stringType()).named("id"),
        Types.optional(INT64).named("label"),
        HEIGHT,
        WIDTH,
        Types.optionalGroup().addFields(image).named("image"));
  }

  private static Type classes(String name) {
    return Types.optionalList().optionalElement(INT64).named(name);
  }

  /**
   * Writes rows whose images are encoded so; {@code raw} ones become pixmaps.
   *
   * @param sets by label, where images may show several classes
   */
  record Writer(ImageEncoding encoding, List<LabelSet> sets) implements RowWriter<ImageExample> {
    @Override
    public MessageType schema() {
      return sets.isEmpty() ? WRITTEN : WRITTEN_WITH_LABELS;
    }

    @Override
    public List<String> bulkColumns() {
      return List.of(IMAGE_BYTES);
    }

    @Override
    public void write(ImageExample row, RecordConsumer out) {
      byte[] image =
          encoding == ImageEncoding.RAW
              ? Pixmap.of(row.height(), row.width(), row.image())
              : row.image();
      Fields fields =
          new Fields(schema(), out)
              .string(row.id())
              .longInteger(row.label())
              .integer(row.height())
              .integer(row.width())
              .group(group -> group.bytes(image));
      if (!sets.isEmpty() && row.label() != ImageExample.UNKNOWN_LABEL) {
        LabelSet set = sets.get(row.label());
        fields.longIntegers(set.present()).longIntegers(set.ignored());
      }
    }
  }

  private static void requireValues(ColumnReader[] columns) {
    for (ColumnReader column : columns) {
      if (column.getCurrentDefinitionLevel() < column.getDescriptor().getMaxDefinitionLevel()) {
        throw new IllegalStateException(
            "Cannot read row: expected a value in column %s, got null"
                .formatted(String.join(".", column.getDescriptor().getPath())));
      }
    }
  }

  /** Reads how many pixels images have. */
  record AreaReader() implements RowReader<Integer> {
    @Override
    public MessageType schema() {
      return AREA;
    }

    @Override
    public Integer read(ColumnReader[] columns) {
      requireValues(columns);
      return Math.multiplyExact(columns[0].getInteger(), columns[1].getInteger());
    }
  }

  /** Reads rows whose images are encoded so; of pixmaps the pixels. */
  record Reader(ImageEncoding encoding) implements RowReader<ImageExample> {
    @Override
    public MessageType schema() {
      return READ;
    }

    @Override
    public ImageExample read(ColumnReader[] columns) {
      requireValues(columns);
      int height = columns[2].getInteger();
      int width = columns[3].getInteger();
      Binary image = columns[4].getBinary();
      return new ImageExample(
          columns[0].getBinary().toStringUsingUTF8(),
          Math.toIntExact(columns[1].getLong()),
          height,
          width,
          encoding == ImageEncoding.RAW
              ? Pixmap.pixels(image.toByteBuffer(), height, width)
              : image.getBytes());
    }
  }
}
