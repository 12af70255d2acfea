/** Linear support vector machines on cached features: the VOC07 protocols. */
package simsiam.eval.svm;
