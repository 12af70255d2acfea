/** What is computed when, and which maps lie where. Knows the network's description, no ND4J. */
package simsiam.model.engine.nd4j.plan;
