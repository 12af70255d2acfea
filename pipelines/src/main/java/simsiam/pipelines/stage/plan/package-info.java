/** Which stages are to run, and why. It runs nothing. */
package simsiam.pipelines.stage.plan;
