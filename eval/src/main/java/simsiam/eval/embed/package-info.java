/**
 * How features lie in their space: their spread over its directions, and where they are in a plane.
 */
package simsiam.eval.embed;
