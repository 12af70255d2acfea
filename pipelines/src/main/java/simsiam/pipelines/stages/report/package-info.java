/** The report of a run, of several, of a sweep. */
package simsiam.pipelines.stages.report;
