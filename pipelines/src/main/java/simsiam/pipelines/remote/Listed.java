package simsiam.pipelines.remote;

/**
 * A file or folder of a listing.
 *
 * @param name absolute key, or of an entry of a folder the name there
 */
record Listed(String name, RemoteAttributes attributes) {}
