/** Resizing, as Pillow does it. */
package simsiam.model.image.resize;
