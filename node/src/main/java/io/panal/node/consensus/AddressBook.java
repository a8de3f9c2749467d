package io.panal.node.consensus;

import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// Where each node answers, kept beside the log: the log's own membership entries never change an address.
final class AddressBook {
    private final DurableFile file;
    private final ConcurrentSkipListMap<String, String> addresses = new ConcurrentSkipListMap<>();

    AddressBook(Path path) throws IOException {
        file = new DurableFile(path);
        Optional<byte[]> saved = file.load();
        if (saved.isPresent()) {
            var properties = new Properties();
            properties.load(new StringReader(new String(saved.get(), StandardCharsets.UTF_8)));
            properties.forEach((node, address) -> addresses.put((String) node, (String) address));
        }
    }

    Optional<String> address(String nodeId) {
        return Optional.ofNullable(addresses.get(nodeId));
    }

    Map<String, String> all() {
        return new TreeMap<>(addresses);
    }

    /// Notes an address; true when it is news.
    synchronized boolean put(String nodeId, String address) {
        if (address.equals(addresses.put(nodeId, address))) {
            return false;
        }
        save();
        return true;
    }

    private void save() {
        var properties = new Properties();
        properties.putAll(addresses);
        var text = new StringWriter();
        try {
            properties.store(text, null);
            file.save(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the address book cannot be written", e);
        }
    }
}
