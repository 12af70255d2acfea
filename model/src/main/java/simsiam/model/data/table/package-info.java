/** Parquet files of rows: deterministic bytes, checked footers. It knows no image. */
package simsiam.model.data.table;
