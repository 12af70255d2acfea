/** A real MLflow server of our own: installed once, started when needed, left running. */
package simsiam.mlflow.server;
