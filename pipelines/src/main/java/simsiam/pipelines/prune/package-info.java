/**
 * What of a workspace may go: {@link simsiam.pipelines.prune.Contents} reads what is there, {@link
 * simsiam.pipelines.prune.Pruning} decides, {@link simsiam.pipelines.prune.Removal} removes. Runs
 * and sweeps at work say what they read by {@link simsiam.pipelines.prune.OutputsInUse}, which
 * alone is for others. Knows neither Beam nor the engines.
 */
package simsiam.pipelines.prune;
