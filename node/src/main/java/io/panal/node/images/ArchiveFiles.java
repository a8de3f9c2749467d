package io.panal.node.images;

import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The files in an archive on disk, found by their names.
record ArchiveFiles(Path archive, Map<String, Place> places) {
    private static final int MOST_LINKS = 8;
    private static final int LARGEST_DOCUMENT_BYTES = 16 << 20;

    /// Where a file lies.
    ///
    /// @param link another file's name, in place of content; empty for a file
    record Place(long start, long sizeBytes, String link) {}

    /// @throws IOException when it is no archive
    static ArchiveFiles index(Path archive) throws IOException {
        Map<String, Place> places = new HashMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(archive), 1 << 16)) {
            TarReader reader = new TarReader(in);
            for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
                TarEntry entry = next.get();
                switch (entry.kind()) {
                    case FILE -> places.put(plain(entry.name()), new Place(reader.position(), entry.sizeBytes(), ""));
                    case SYMBOLIC_LINK -> places.put(plain(entry.name()), new Place(0, 0, beside(entry)));
                    case HARD_LINK -> places.put(plain(entry.name()), new Place(0, 0, plain(entry.link())));
                    case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, PIPE -> {
                        // Nothing of an image lies in these.
                    }
                }
            }
        }
        return new ArchiveFiles(archive, Map.copyOf(places));
    }

    private static String plain(String name) {
        return Path.of("/").resolve(name).normalize().toString().substring(1);
    }

    private static String beside(TarEntry link) {
        Path folder = Path.of("/").resolve(link.name()).getParent();
        return folder == null
                ? ""
                : folder.resolve(link.link()).normalize().toString().substring(1);
    }

    /// Follows links.
    Optional<Place> find(String name) {
        Place place = places.get(plain(name));
        for (int i = 0; place != null && !place.link().isEmpty() && i < MOST_LINKS; i++) {
            place = places.get(place.link());
        }
        return Optional.ofNullable(place).filter(file -> file.link().isEmpty());
    }

    /// @throws IOException when it is not there
    Place require(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException("invalid archive: does not contain " + name));
    }

    /// To be limited to the file's size by who reads.
    InputStream open(Place place) throws IOException {
        FileChannel channel = FileChannel.open(archive);
        try {
            return Channels.newInputStream(channel.position(place.start()));
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
    }

    /// A file that is a document.
    byte[] document(String name) throws IOException {
        Place place = require(name);
        if (place.sizeBytes() > LARGEST_DOCUMENT_BYTES) {
            throw new IOException("invalid archive: %s is too large".formatted(name));
        }
        try (InputStream in = open(place)) {
            return in.readNBytes((int) place.sizeBytes());
        }
    }
}
