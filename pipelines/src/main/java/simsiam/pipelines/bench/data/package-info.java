/**
 * Measurements of the data stages and of the loader, beside Pillow and torchvision where there are.
 */
package simsiam.pipelines.bench.data;
