package io.panal.images.layout;

import io.panal.images.manifest.Descriptor;
import io.panal.images.manifest.Manifest;
import io.panal.images.reference.Digest;
import io.panal.images.transfer.ContentSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory with one image.
///
/// @param manifest the image's own, not the directory's index
public record OciLayout(Path directory, Descriptor manifest) implements ContentSource {
    /// Opens a directory that [LayoutWriter] or another program wrote; of several images the first is taken.
    ///
    /// @throws IOException when it is no layout
    public static OciLayout open(Path directory) throws IOException {
        byte[] index = Files.readAllBytes(directory.resolve("index.json"));
        if (Manifest.parse(index, "") instanceof Manifest.Index all
                && !all.manifests().isEmpty()) {
            return new OciLayout(directory, all.manifests().getFirst());
        }
        throw new IOException("no image in " + directory);
    }

    /// The image's parts.
    public Manifest.Image image() throws IOException {
        byte[] bytes = Files.readAllBytes(file(directory, manifest.digest()));
        if (Manifest.parse(bytes, manifest.mediaType()) instanceof Manifest.Image image) {
            return image;
        }
        throw new IOException("not an image's manifest: " + manifest.digest() + " in " + directory);
    }

    @Override
    public boolean has(Digest digest) {
        return Files.exists(file(directory, digest));
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        InputStream bytes = Files.newInputStream(file(directory, digest));
        bytes.skipNBytes(offset);
        return bytes;
    }

    static Path file(Path directory, Digest digest) {
        return directory.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }
}
