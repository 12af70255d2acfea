/** Runs what is planned. */
package simsiam.pipelines.stage.run;
