/** Image files to RGB and back, and resizing. */
package simsiam.model.image;
