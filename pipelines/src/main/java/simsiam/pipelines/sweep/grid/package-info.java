/**
 * A sweep as it is written down: axes, conditions, and the points they span. It knows no stage and
 * no process.
 */
package simsiam.pipelines.sweep.grid;
