/**
 * Outputs of stages on disk, written aside and renamed, locked between processes. It plans nothing.
 */
package simsiam.pipelines.stage.store;
