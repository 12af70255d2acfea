/** Features in the plane, by principal components. */
package simsiam.eval.embed;
