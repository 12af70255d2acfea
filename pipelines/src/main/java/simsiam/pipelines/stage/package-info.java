/** What a stage is: its inputs, result, fingerprint, and what it is given while it runs. */
package simsiam.pipelines.stage;
