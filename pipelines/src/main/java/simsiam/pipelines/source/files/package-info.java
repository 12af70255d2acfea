/**
 * Image files one by one, on disk or in archives: the chunks in which workers read them, and their
 * digests.
 */
package simsiam.pipelines.source.files;
