/** The journal on disk: one folder a run, one JSON line an event, what was sent kept beside it. */
package simsiam.mlflow.spool;
