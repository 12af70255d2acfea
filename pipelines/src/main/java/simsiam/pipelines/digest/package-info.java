/**
 * Hashing of a data set by the workers of a runner, in place of the machine that launches. It knows
 * what is to be read, and no source.
 */
package simsiam.pipelines.digest;
