package io.panal.node.identity;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// A node's credentials on disk: `swarm-root-ca.crt`, `swarm-node.crt`, `swarm-node.key`, each 0600.
///
/// @param directory `DATA/swarm/certificates`
public record CertificateFiles(Path directory) {

    /// Writes all three. The key's file holds the certificate as well and is the one that counts: both change
    /// by one
    /// rename.
    public void save(Credentials credentials) throws IOException {
        write(roots(), credentials.rootsText());
        write(key(), credentials.keyText() + credentials.chainText());
        write(certificate(), credentials.chainText());
    }

    /// What was saved; empty when the node has never joined, or has left.
    ///
    /// @throws IOException when the files are damaged or do not belong together
    public Optional<Credentials> load() throws IOException {
        Optional<String> rootsText = read(roots());
        Optional<String> keyText = read(key());
        if (rootsText.isEmpty() || keyText.isEmpty()) {
            return Optional.empty();
        }
        var credentials = new Credentials(
                Pem.key(keyText.get()), Pem.certificates(keyText.get()), Pem.certificates(rootsText.get()));
        if (credentials.chain().isEmpty() || !credentials.keyFits()) {
            throw new IOException(directory + ": the node's key and certificate do not belong together");
        }
        return Optional.of(credentials);
    }

    /// Forgets the identity, when the node leaves the swarm.
    public void remove() throws IOException {
        key().remove();
        certificate().remove();
        roots().remove();
    }

    private DurableFile roots() {
        return new DurableFile(directory.resolve("swarm-root-ca.crt"));
    }

    private DurableFile certificate() {
        return new DurableFile(directory.resolve("swarm-node.crt"));
    }

    private DurableFile key() {
        return new DurableFile(directory.resolve("swarm-node.key"));
    }

    private static void write(DurableFile file, String text) throws IOException {
        file.write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<String> read(DurableFile file) throws IOException {
        return file.read().map(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    }
}
