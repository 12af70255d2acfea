package simsiam.model.data;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/**
 * Columns of a feature file; {@code feature} is D float32, little-endian, as fixed-length bytes.
 */
final class FeatureColumns implements RowReader<FeatureRow>, RowWriter<FeatureRow> {
  private final int dim;
  private final MessageType schema;

  FeatureColumns(int dim) {
    this.dim = dim;
    this.schema =
        Types.buildMessage()
            .required(BINARY)
            .as(stringType())
            .named("id")
            .required(INT32)
            .named("label")
            .required(FIXED_LEN_BYTE_ARRAY)
            .length(Math.multiplyExact(dim, Float.BYTES))
            .named("feature")
            .named("feature_row");
  }

  @Override
  public MessageType schema() {
    return schema;
  }

  @Override
  public List<String> bulkColumns() {
    return List.of("feature");
  }

  @Override
  public void write(FeatureRow row, RecordConsumer out) {
    if (row.feature().length != dim) {
      throw new IllegalArgumentException(
          "Cannot write feature: expected %s values, got %s (%s)"
              .formatted(dim, row.feature().length, row.id()));
    }
    ByteBuffer bytes = ByteBuffer.allocate(dim * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(row.feature());
    new Fields(schema, out).string(row.id()).integer(row.label()).bytes(bytes.array());
  }

  @Override
  public FeatureRow read(ColumnReader[] columns) {
    float[] feature = new float[dim];
    columns[2]
        .getBinary()
        .toByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(feature);
    return new FeatureRow(
        columns[0].getBinary().toStringUsingUTF8(), columns[1].getInteger(), feature);
  }
}
