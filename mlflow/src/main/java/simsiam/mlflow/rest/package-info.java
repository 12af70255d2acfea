/** The MLflow server as seen over HTTP: addresses, deadlines, errors, artifacts. */
package simsiam.mlflow.rest;
