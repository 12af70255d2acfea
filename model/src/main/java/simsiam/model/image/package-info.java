/** An RGB image in memory, and a part of it. */
package simsiam.model.image;
