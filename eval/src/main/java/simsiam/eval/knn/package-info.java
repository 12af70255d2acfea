/** Exact nearest neighbours and the weighted kNN classifier. */
package simsiam.eval.knn;
