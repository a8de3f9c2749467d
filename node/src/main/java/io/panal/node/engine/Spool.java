package io.panal.node.engine;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// A client's archive on this host's disk, unzipped, for as long as it is needed.
record Spool(Path directory, Path archive) implements AutoCloseable {
    static Spool of(InputStream body) throws IOException {
        Path directory = Files.createTempDirectory("panal-archive-");
        Spool spool = new Spool(directory, directory.resolve("archive.tar"));
        try (InputStream in = new BufferedInputStream(body, 1 << 16);
                OutputStream out = Files.newOutputStream(spool.archive())) {
            in.mark(2);
            byte[] head = in.readNBytes(2);
            in.reset();
            boolean zipped = head.length == 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
            (zipped ? new GZIPInputStream(in, 1 << 16) : in).transferTo(out);
        } catch (IOException | RuntimeException failed) {
            spool.close();
            throw failed;
        }
        return spool;
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
