/**
 * Files as the whole program writes them: whole or not at all, canonical JSON, UTF-8, SHA-256. It
 * knows no other package but {@code model.config}.
 */
package simsiam.model.file;
