package simsiam.pipelines.shard.keys;

import java.io.Serializable;

/** What a run is sorted by: its files, and what other runs have of its images. */
public sealed interface RunInput extends Serializable permits RunTask, LostRows {}
