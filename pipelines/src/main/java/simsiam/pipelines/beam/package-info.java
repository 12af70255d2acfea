/** What the Beam pipelines share: options and running. */
package simsiam.pipelines.beam;
