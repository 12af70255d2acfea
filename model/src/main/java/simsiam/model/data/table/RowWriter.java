package simsiam.model.data.table;

import java.util.List;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Writes rows of type T to the columns of a Parquet schema. */
public interface RowWriter<T> {
  /** The columns, in the order in which {@link #write} fills them. */
  MessageType schema();

  /** Paths of columns of bulk bytes: written without statistics, which only cost there. */
  List<String> bulkColumns();

  /** Writes the fields of one row; the caller opens and closes the message. */
  void write(T row, RecordConsumer out);
}
