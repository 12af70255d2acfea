/** The stage graph: fingerprints, commit protocol, locks, planning and running. */
package simsiam.pipelines.stage;
