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
 */
final class ShardColumns {
  static final int VERSION = 2;
  static final String IMAGE_BYTES = "image.bytes";

  private static final Type BYTES = Types.optional(BINARY).named("bytes");
  private static final Type PATH = Types.optional(BINARY).as(stringType()).named("path");
  private static final MessageType READ = message(BYTES);
  private static final MessageType WRITTEN = message(BYTES, PATH);

  private ShardColumns() {}

  private static MessageType message(Type... image) {
    return new MessageType(
        "example",
        Types.optional(BINARY).as(stringType()).named("id"),
        Types.optional(INT64).named("label"),
        Types.optional(INT32).named("height"),
        Types.optional(INT32).named("width"),
        Types.optionalGroup().addFields(image).named("image"));
  }

  /** Writes rows whose images are encoded so; {@code raw} ones become pixmaps. */
  record Writer(ImageEncoding encoding) implements RowWriter<ImageExample> {
    @Override
    public MessageType schema() {
      return WRITTEN;
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
      new Fields(WRITTEN, out)
          .string(row.id())
          .longInteger(row.label())
          .integer(row.height())
          .integer(row.width())
          .group(group -> group.bytes(image));
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
      for (ColumnReader column : columns) {
        if (column.getCurrentDefinitionLevel() < column.getDescriptor().getMaxDefinitionLevel()) {
          throw new IllegalStateException(
              "Cannot read row: expected a value in column %s, got null"
                  .formatted(String.join(".", column.getDescriptor().getPath())));
        }
      }
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
