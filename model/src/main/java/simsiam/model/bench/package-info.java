/**
 * Training steps of several engines timed side by side. No part of training: nothing imports it.
 */
package simsiam.model.bench;
