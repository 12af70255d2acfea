package simsiam.model.data.table;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;

/** Satisfies the column API, which asks for converters that direct reads never call. */
final class NoConverter extends GroupConverter {
  private final Converter[] fields;

  private NoConverter(GroupType group) {
    fields = new Converter[group.getFieldCount()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] =
          group.getType(i).isPrimitive()
              ? new PrimitiveConverter() {}
              : new NoConverter(group.getType(i).asGroupType());
    }
  }

  static NoConverter root(GroupType schema) {
    return new NoConverter(schema);
  }

  @Override
  public Converter getConverter(int fieldIndex) {
    return fields[fieldIndex];
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
