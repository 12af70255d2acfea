package simsiam.model.data.features;

import static org.apache.parquet.schema.LogicalTypeAnnotation.listType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.Type.Repetition.REPEATED;
import static org.apache.parquet.schema.Type.Repetition.REQUIRED;

import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import simsiam.model.data.table.Fields;
import simsiam.model.data.table.RowReader;
import simsiam.model.data.table.RowWriter;

/**
 * Columns of a feature file: id, label, and a list of D floats as every reader of Parquet has it.
 */
final class FeatureColumns implements RowReader<FeatureRow>, RowWriter<FeatureRow> {
  private static final String VALUES = "list";
  private static final String VALUE = "element";

  private final int dim;
  private final MessageType schema;

  FeatureColumns(int dim) {
    this.dim = dim;
    GroupType feature =
        Types.buildGroup(REQUIRED)
            .as(listType())
            .addField(
                Types.buildGroup(REPEATED)
                    .addField(Types.primitive(FLOAT, REQUIRED).named(VALUE))
                    .named(VALUES))
            .named("feature");
    this.schema = schema(feature);
  }

  private static MessageType schema(Type feature) {
    return Types.buildMessage()
        .required(BINARY)
        .as(stringType())
        .named("id")
        .required(INT32)
        .named("label")
        .addField(feature)
        .named("feature_row");
  }

  @Override
  public MessageType schema() {
    return schema;
  }

  @Override
  public List<String> bulkColumns() {
    return List.of(String.join(".", "feature", VALUES, VALUE));
  }

  @Override
  public void write(FeatureRow row, RecordConsumer out) {
    if (row.feature().length != dim) {
      throw new IllegalArgumentException(
          "Cannot write feature: expected %s values, got %s (%s)"
              .formatted(dim, row.feature().length, row.id()));
    }
    new Fields(schema, out).string(row.id()).integer(row.label()).floats(row.feature());
  }

  @Override
  public FeatureRow read(ColumnReader[] columns) {
    float[] feature = new float[dim];
    ColumnReader values = columns[2];
    for (int j = 0; j < dim; j++) {
      boolean begins = values.getCurrentRepetitionLevel() == 0;
      if (begins != (j == 0) || values.getCurrentDefinitionLevel() == 0) {
        throw new IllegalStateException(
            "expected %s values of feature %s, got %s".formatted(dim, id(columns), j));
      }
      feature[j] = values.getFloat();
      if (j < dim - 1) {
        values.consume();
      }
    }
    return new FeatureRow(id(columns), columns[1].getInteger(), feature);
  }

  private static String id(ColumnReader[] columns) {
    return columns[0].getBinary().toStringUsingUTF8();
  }

  /** Files of earlier releases: D float32, little-endian, as fixed-length bytes. */
  static final class Bytes implements RowReader<FeatureRow> {
    private final int dim;
    private final MessageType schema;

    Bytes(int dim) {
      this.dim = dim;
      this.schema =
          FeatureColumns.schema(
              Types.required(FIXED_LEN_BYTE_ARRAY)
                  .length(Math.multiplyExact(dim, Float.BYTES))
                  .named("feature"));
    }

    @Override
    public MessageType schema() {
      return schema;
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
      return new FeatureRow(id(columns), columns[1].getInteger(), feature);
    }
  }
}
