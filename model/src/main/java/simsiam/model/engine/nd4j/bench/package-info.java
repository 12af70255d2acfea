/** What no operation of the engine can exceed on this machine, measured. Nothing imports it. */
package simsiam.model.engine.nd4j.bench;
