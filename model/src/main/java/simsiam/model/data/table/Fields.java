package simsiam.model.data.table;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;

/** Writes the fields of one row, or of a group in it, in the order of the schema. */
public final class Fields {
  private final GroupType schema;
  private final RecordConsumer out;
  private int index;

  public Fields(GroupType schema, RecordConsumer out) {
    this.schema = schema;
    this.out = out;
  }

  public Fields string(String value) {
    start();
    out.addBinary(Binary.fromString(value));
    return end();
  }

  public Fields bytes(byte[] value) {
    start();
    out.addBinary(Binary.fromConstantByteArray(value));
    return end();
  }

  public Fields integer(int value) {
    start();
    out.addInteger(value);
    return end();
  }

  public Fields longInteger(long value) {
    start();
    out.addLong(value);
    return end();
  }

  public Fields floats(float[] values) {
    return list(values.length, i -> out.addFloat(values[i]));
  }

  public Fields longIntegers(List<Integer> values) {
    return list(values.size(), i -> out.addLong(values.get(i)));
  }

  /** A list as Parquet has it: a repeated group of one element each. */
  private Fields list(int size, IntConsumer element) {
    start();
    out.startGroup();
    GroupType list = schema.getType(index).asGroupType();
    String group = list.getFieldName(0);
    String name = list.getType(0).asGroupType().getFieldName(0);
    if (size > 0) {
      out.startField(group, 0);
      for (int i = 0; i < size; i++) {
        out.startGroup();
        out.startField(name, 0);
        element.accept(i);
        out.endField(name, 0);
        out.endGroup();
      }
      out.endField(group, 0);
    }
    out.endGroup();
    return end();
  }

  /** A group, of which the fields that are given are there. */
  public Fields group(Consumer<Fields> fields) {
    start();
    out.startGroup();
    fields.accept(new Fields(schema.getType(index).asGroupType(), out));
    out.endGroup();
    return end();
  }

  private void start() {
    out.startField(schema.getFieldName(index), index);
  }

  private Fields end() {
    out.endField(schema.getFieldName(index), index);
    index++;
    return this;
  }
}
