/**
 * Experiment tracking with MLflow that never costs a point or a second of training: calls append to
 * a journal on disk, an uploader sends it when the server can be had.
 */
package simsiam.mlflow.client;
