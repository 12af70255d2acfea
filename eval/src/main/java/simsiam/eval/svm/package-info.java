/** Linear support vector machines on cached features, by LIBLINEAR: the VOC07 protocols. */
package simsiam.eval.svm;
