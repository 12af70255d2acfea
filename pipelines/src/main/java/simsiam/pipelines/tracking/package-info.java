/** Connects runs and stages to MLflow. */
package simsiam.pipelines.tracking;
