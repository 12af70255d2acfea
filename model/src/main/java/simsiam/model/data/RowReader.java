package simsiam.model.data;

import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;

/** Makes rows of type T from columns of a Parquet schema without repetition. */
interface RowReader<T> {
  /** The columns wanted, in the order in which {@link #read} takes them. */
  MessageType schema();

  /** One row from the columns' current values; the caller moves the columns on. */
  T read(ColumnReader[] columns);
}
