/**
 * Object stores and distributed file systems, which Beam reaches ({@code s3://}, {@code gs://},
 * {@code hdfs://}), as {@link java.nio.file.Path}s: what reads files need not know where they are.
 */
package simsiam.pipelines.remote;
