/** Curves, pictures and tables of a run, and of several runs side by side. */
package simsiam.pipelines.report;
