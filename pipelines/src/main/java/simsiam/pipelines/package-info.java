/** The product: its stages, put together. */
package simsiam.pipelines;
