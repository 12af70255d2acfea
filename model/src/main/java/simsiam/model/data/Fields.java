package simsiam.model.data;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Writes the fields of one row in the order of the schema. */
final class Fields {
  private final MessageType schema;
  private final RecordConsumer out;
  private int index;

  /** From the schema's first field on. */
  Fields(MessageType schema, RecordConsumer out) {
    this(schema, out, 0);
  }

  /** From the given field on. */
  Fields(MessageType schema, RecordConsumer out, int firstField) {
    this.schema = schema;
    this.out = out;
    this.index = firstField;
  }

  Fields string(String value) {
    start();
    out.addBinary(Binary.fromString(value));
    return end();
  }

  Fields bytes(byte[] value) {
    start();
    out.addBinary(Binary.fromConstantByteArray(value));
    return end();
  }

  Fields integer(int value) {
    start();
    out.addInteger(value);
    return end();
  }

  Fields longInteger(long value) {
    start();
    out.addLong(value);
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
