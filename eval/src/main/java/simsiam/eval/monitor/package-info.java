/**
 * What features say of a training without labels: their rank, the decay of their spectrum, and how
 * they lie on the sphere. Functions of numbers alone: knows neither networks nor files.
 */
package simsiam.eval.monitor;
