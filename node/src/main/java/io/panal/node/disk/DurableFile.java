package io.panal.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;

/// A small file that is replaced as a whole and survives a power loss.
///
/// @param path its place; the directory is made when it is missing
public record DurableFile(Path path) {
    private static final int MAGIC = 0x504e4c31;
    private static final int HEADER_BYTES = 12;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /// Replaces the content as it is, for files other programs read (PEM).
    public void write(byte[] content) throws IOException {
        Path directory = directory();
        Files.createDirectories(directory);
        Path draft = directory.resolve(path.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
        Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        flush(directory);
    }

    /// The content as it is; empty when there is no such file.
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Replaces the content, with a checksum before it.
    public void save(byte[] content) throws IOException {
        var framed = ByteBuffer.allocate(HEADER_BYTES + content.length);
        framed.putInt(MAGIC).putInt(content.length).putInt(checksum(content)).put(content);
        write(framed.array());
    }

    /// What [#save] wrote; empty when there is no such file.
    ///
    /// @throws IOException also when the file is not whole
    public Optional<byte[]> load() throws IOException {
        Optional<byte[]> framed = read();
        return framed.isEmpty() ? framed : Optional.of(unframed(framed.get()));
    }

    /// Removes the file; nothing happens when there is none.
    public void remove() throws IOException {
        if (Files.deleteIfExists(path)) {
            flush(directory());
        }
    }

    private Path directory() {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file has a directory");
    }

    private byte[] unframed(byte[] framed) throws IOException {
        var buffer = ByteBuffer.wrap(framed);
        if (framed.length < HEADER_BYTES || buffer.getInt() != MAGIC) {
            throw new IOException(path + " is not a file of ours");
        }
        int length = buffer.getInt();
        int checksum = buffer.getInt();
        if (length != buffer.remaining()) {
            throw new IOException(path + " is cut: " + buffer.remaining() + " of " + length + " bytes");
        }
        var content = new byte[length];
        buffer.get(content);
        if (checksum(content) != checksum) {
            throw new IOException(path + " is damaged: wrong checksum");
        }
        return content;
    }

    private static int checksum(byte[] content) {
        var sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }

    private static void flush(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
