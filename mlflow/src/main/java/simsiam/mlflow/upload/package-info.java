/** Sends the spool to a server: batching, retries, quarantine. */
package simsiam.mlflow.upload;
