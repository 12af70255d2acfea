/** Load of the machine as metrics for MLflow's system metrics tab. */
package simsiam.mlflow.system;
