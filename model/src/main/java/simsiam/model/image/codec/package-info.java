/** Image files to RGB as Pillow would read them, and back. Any file is image or reject. */
package simsiam.model.image.codec;
