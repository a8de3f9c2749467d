package io.panal.node.containers;

import java.util.List;
import java.util.stream.Stream;

/// One layer of an image.
///
/// @param digest    of its blob
/// @param unpacked  digest of the archive in it, which is another where the blob is compressed
public record ImageLayer(String mediaType, String digest, String unpacked, long sizeBytes) {
    /// The layers with one more on top.
    public static List<ImageLayer> appended(List<ImageLayer> layers, ImageLayer top) {
        return Stream.concat(layers.stream(), Stream.of(top)).toList();
    }

    /// Of the same bytes in OCI's words: an image that is made here has a manifest of OCI's.
    ImageLayer asOci() {
        return new ImageLayer(
                mediaType.replace(
                        "application/vnd.docker.image.rootfs.diff.tar.gzip",
                        "application/vnd.oci.image.layer.v1.tar+gzip"),
                digest,
                unpacked,
                sizeBytes);
    }
}
