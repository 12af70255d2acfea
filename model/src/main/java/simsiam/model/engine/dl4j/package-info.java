/**
 * Encoders for programs that have DL4J and nothing of ours. Knows the network's description and no
 * engine's inside.
 */
package simsiam.model.engine.dl4j;
