/**
 * A raw data set as the pipelines see it: what it holds, and chunks of images that workers read.
 * Its kinds are packages of their own, which know this one and not each other, but that {@code
 * tables} and {@code records} look into {@code folders}, and {@code webdataset} has its classes
 * from {@code tables}; {@code sets} alone knows them all.
 */
package simsiam.pipelines.source;
