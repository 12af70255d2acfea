/** Files that are there whole or not at all, and their digests. */
package simsiam.mlflow.file;
