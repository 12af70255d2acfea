/** The linear probe. */
package simsiam.eval.linear;
