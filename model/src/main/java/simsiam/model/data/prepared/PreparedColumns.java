package simsiam.model.data.prepared;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import simsiam.model.data.ChannelSums;
import simsiam.model.data.ImageExample;
import simsiam.model.data.table.Fields;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.RowWriter;

/**
 * Columns of a prepared file, none of them null: {@code id} string, {@code label} int32 (-1
 * unknown), {@code height} and {@code width} int32 in pixels, {@code image} bytes as the footer key
 * {@code image.encoding} says; then {@code image_bytes}, {@code digest}, {@code pixels}, and sums
 * and square sums by channel.
 */
final class PreparedColumns {
  static final int VERSION = 1;

  private static final List<Type> EXAMPLE = exampleColumns();
  private static final List<Type> EXTRA = extraColumns();

  private PreparedColumns() {}

  private static List<Type> exampleColumns() {
    return List.of(
        Types.required(BINARY).as(stringType()).named("id"),
        Types.required(INT32).named("label"),
        Types.required(INT32).named("height"),
        Types.required(INT32).named("width"),
        Types.required(BINARY).named("image"));
  }

  private static List<Type> extraColumns() {
    List<Type> columns = new ArrayList<>();
    columns.add(Types.required(INT32).named("image_bytes"));
    columns.add(Types.required(FIXED_LEN_BYTE_ARRAY).length(32).named("digest"));
    columns.add(Types.required(INT64).named("pixels"));
    for (String sum : List.of("sum", "square_sum")) {
      for (String channel : List.of("r", "g", "b")) {
        columns.add(Types.required(INT64).named(sum + "_" + channel));
      }
    }
    return List.copyOf(columns);
  }

  private static MessageType withExtra(List<Type> first) {
    List<Type> all = new ArrayList<>(first);
    all.addAll(EXTRA);
    return new MessageType("prepared_example", all);
  }

  /** Writes all columns. */
  static final class Writer implements RowWriter<PreparedExample> {
    private static final MessageType SCHEMA = withExtra(EXAMPLE);

    @Override
    public MessageType schema() {
      return SCHEMA;
    }

    @Override
    public List<String> bulkColumns() {
      return List.of("image", "digest");
    }

    @Override
    public void write(PreparedExample row, RecordConsumer out) {
      ImageExample example = row.example();
      ChannelSums sums = row.sums();
      Fields fields =
          new Fields(SCHEMA, out)
              .string(example.id())
              .integer(example.label())
              .integer(example.height())
              .integer(example.width())
              .bytes(example.image())
              .integer(example.image().length)
              .bytes(row.digest())
              .longInteger(sums.pixels());
      for (long value : sums.sums()) {
        fields.longInteger(value);
      }
      for (long value : sums.squares()) {
        fields.longInteger(value);
      }
    }
  }

  /** Reads the examples. */
  static final class ExampleReader implements RowReader<ImageExample> {
    private static final MessageType SCHEMA = new MessageType("prepared_example", EXAMPLE);

    @Override
    public MessageType schema() {
      return SCHEMA;
    }

    @Override
    public ImageExample read(ColumnReader[] columns) {
      return new ImageExample(
          columns[0].getBinary().toStringUsingUTF8(),
          columns[1].getInteger(),
          columns[2].getInteger(),
          columns[3].getInteger(),
          columns[4].getBinary().getBytes());
    }
  }

  /** Reads what sharding decides by: id, label and the extra columns. */
  static final class KeyReader implements RowReader<PreparedKey> {
    private static final MessageType SCHEMA = withExtra(EXAMPLE.subList(0, 2));

    @Override
    public MessageType schema() {
      return SCHEMA;
    }

    @Override
    public PreparedKey read(ColumnReader[] columns) {
      long[] sums = new long[3];
      long[] squares = new long[3];
      for (int channel = 0; channel < 3; channel++) {
        sums[channel] = columns[5 + channel].getLong();
        squares[channel] = columns[8 + channel].getLong();
      }
      return new PreparedKey(
          columns[0].getBinary().toStringUsingUTF8(),
          columns[1].getInteger(),
          columns[2].getInteger(),
          columns[3].getBinary().getBytes(),
          new ChannelSums(columns[4].getLong(), sums, squares));
    }
  }
}
