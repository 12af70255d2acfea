/**
 * Locks between processes: those of runs and servers here, and those of stages and downloads in
 * {@code simsiam.pipelines}, which depends on this module. Knows nothing of tracking.
 */
package simsiam.mlflow.lock;
