/** Image files in folders or archives, one image each: how they are labelled and read. */
package simsiam.pipelines.source.folders;
