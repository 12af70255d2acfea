package simsiam.model.data.table;

import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.MessageType;

/** Makes rows of type T from columns of a Parquet schema. */
public interface RowReader<T> {
  /** The columns wanted, in the order in which {@link #read} takes them. */
  MessageType schema();

  /**
   * One row from the columns' current values. The caller moves each column on by one value; of a
   * column with several in a row, this moves it to the last.
   */
  T read(ColumnReader[] columns);
}
