package simsiam.model.data;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** Satisfies the column API, which asks for converters that direct reads never call. */
final class NoConverter extends GroupConverter {
  private final PrimitiveConverter[] leaves;

  private NoConverter(int fields) {
    leaves = new PrimitiveConverter[fields];
    for (int i = 0; i < fields; i++) {
      leaves[i] = new PrimitiveConverter() {};
    }
  }

  static NoConverter root(MessageType schema) {
    return new NoConverter(schema.getFieldCount());
  }

  @Override
  public Converter getConverter(int fieldIndex) {
    return leaves[fieldIndex];
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
