/** Files of features: an id, a label and a vector a row. */
package simsiam.model.data.features;
