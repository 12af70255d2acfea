package simsiam.model.data;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * Example schema v1, the rows of a shard: {@code id} string, {@code label} int32 (-1 unknown),
 * {@code height} and {@code width} int32 in pixels, {@code image} bytes as the footer key {@code
 * image.encoding} says. All fields are required.
 */
final class ExampleSchema implements RowReader<ImageExample>, RowWriter<ImageExample> {
  static final int VERSION = 1;

  static final MessageType SCHEMA =
      Types.buildMessage()
          .required(BINARY)
          .as(stringType())
          .named("id")
          .required(INT32)
          .named("label")
          .required(INT32)
          .named("height")
          .required(INT32)
          .named("width")
          .required(BINARY)
          .named("image")
          .named("example");

  @Override
  public MessageType schema() {
    return SCHEMA;
  }

  @Override
  public List<String> bulkColumns() {
    return List.of("image");
  }

  @Override
  public void write(ImageExample row, RecordConsumer out) {
    new Fields(SCHEMA, out)
        .string(row.id())
        .integer(row.label())
        .integer(row.height())
        .integer(row.width())
        .bytes(row.image());
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
