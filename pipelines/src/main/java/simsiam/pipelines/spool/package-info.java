/**
 * Lists that need not be in memory, however long they are: names and digests of the files of a data
 * set. It knows no other package of this product.
 */
package simsiam.pipelines.spool;
