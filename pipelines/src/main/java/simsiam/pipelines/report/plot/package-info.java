/** Plots and their pictures. They know what they draw, and no page. */
package simsiam.pipelines.report.plot;
