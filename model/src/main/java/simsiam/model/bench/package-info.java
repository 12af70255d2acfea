/**
 * Training steps of several engines, timed side by side, and the loader. No part of training:
 * nothing imports it.
 */
package simsiam.model.bench;
