package io.panal.node.containers;

import java.time.Instant;
import java.util.List;

/// An image in the store.
///
/// @param names     all names it has, `repository:tag` and `repository@digest` in full form, in order
/// @param digest    of its manifest (or of the index it was pulled by)
/// @param sizeBytes of its blobs, as a registry would count them
/// @param createdAt when the image was made, by its configuration
public record StoredImage(
        List<String> names, String digest, long sizeBytes, Instant createdAt, ImageConfiguration configuration) {
    public StoredImage {
        names = List.copyOf(names);
    }
}
