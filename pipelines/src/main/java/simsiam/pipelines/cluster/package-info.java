/**
 * Sweeps on many machines: a Beam pipeline puts a {@link simsiam.pipelines.cluster.Worker} to work
 * for each point, which offers itself to the launching process by a folder on the shared workspace
 * ({@link simsiam.pipelines.cluster.OfferFolder}); that process hands the points out as it does to
 * children of its own ({@link simsiam.pipelines.sweep.SweepRunner}). Who lives is told by locks
 * that all machines see: the launcher holds one, each worker one for each offer, each child one for
 * its point. Knows neither the console nor the tracker.
 */
package simsiam.pipelines.cluster;
