/** Sets of equal records of pixels: CIFAR, MNIST's IDX, STL-10. */
package simsiam.pipelines.source.records;
