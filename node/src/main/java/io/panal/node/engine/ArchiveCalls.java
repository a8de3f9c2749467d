package io.panal.node.engine;

import io.panal.core.codec.Codec;
import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarReader;
import io.panal.images.archive.TarWriter;
import io.panal.node.containers.Container;
import io.panal.node.containers.FileArchive;
import io.panal.node.http.Call;
import io.panal.node.http.Refusal;
import io.panal.node.http.Router;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// `docker cp` and `docker export`: files of containers as archives.
///
/// What is done with files is done where the container's root is the root of all files: its links lead nowhere else.
final class ArchiveCalls {
    private static final String TAR = "application/x-tar";
    private static final Map<TarEntry.Kind, Long> KINDS = Map.of(
            TarEntry.Kind.DIRECTORY, 1L << 31,
            TarEntry.Kind.SYMBOLIC_LINK, 1L << 27,
            TarEntry.Kind.BLOCK_DEVICE, 1L << 26,
            TarEntry.Kind.CHARACTER_DEVICE, (1L << 26) | (1L << 21),
            TarEntry.Kind.PIPE, 1L << 25);
    private static final String STAT = "X-Docker-Container-Path-Stat";

    private final HostParts host;

    ArchiveCalls(HostParts host) {
        this.host = host;
    }

    void routes(Router router) {
        router.on("GET", "/containers/{name}/archive", this::read)
                .on("HEAD", "/containers/{name}/archive", this::look)
                .on("PUT", "/containers/{name}/archive", this::write)
                .on("GET", "/containers/{name}/export", this::export);
    }

    private static String path(Call call) throws Refusal {
        String path = call.query().text("path");
        if (path.isEmpty()) {
            throw new Refusal(400, "bad parameter: 'path' cannot be empty");
        }
        return path.startsWith("/") ? path : "/" + path;
    }

    private static Refusal missing(Call call) {
        return new Refusal(
                404,
                "Could not find the file %s in container %s"
                        .formatted(call.query().text("path"), call.name("name")));
    }

    /// A slash or a dot at the end asks for what a link leads to.
    private static Path found(Call call) throws IOException {
        String path = path(call);
        Path plain = Path.of(path).normalize();
        boolean follows = path.endsWith("/") || path.endsWith("/.");
        if (!Files.exists(plain, LinkOption.NOFOLLOW_LINKS) || (follows && !Files.exists(plain))) {
            throw missing(call);
        }
        return follows ? plain.toRealPath() : plain;
    }

    /// What `docker cp` wants to know of a file before it copies, in the header's form.
    private static String stat(Path file, String name) throws IOException {
        TarEntry entry = FileArchive.entry(file, name);
        ObjectNode node = Replies.object();
        node.put("name", name);
        BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        node.put("size", facts.size());
        node.put("mode", mode(entry));
        node.put("mtime", facts.lastModifiedTime().toInstant().toString());
        node.put("linkTarget", entry.link());
        return Base64.getEncoder().encodeToString(Codec.JSON.write(node));
    }

    /// Go's `os.FileMode`.
    private static long mode(TarEntry entry) {
        long kind = KINDS.getOrDefault(entry.kind(), 0L);
        long special = ((entry.mode() & 04000) != 0 ? 1L << 23 : 0)
                | ((entry.mode() & 02000) != 0 ? 1L << 22 : 0)
                | ((entry.mode() & 01000) != 0 ? 1L << 20 : 0);
        return kind | special | (entry.mode() & 0777);
    }

    private void tell(Container container, String action) {
        host.watch().tell(container, action, Map.of(), Instant.now());
    }

    private static String nameOf(Path file) {
        return file.getFileName() == null ? "/" : file.getFileName().toString();
    }

    private void look(Call call) throws IOException {
        Container container = host.lookup().require(call.name("name"));
        call.exchange().answerHeader(STAT, stat(call, container));
        Replies.empty(call, 200);
    }

    private String stat(Call call, Container container) throws IOException {
        Refusal missing = missing(call);
        Optional<String> stat = host.containers().files(container.id(), () -> {
            Path file = Path.of(path(call)).normalize();
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(stat(found(call), nameOf(found(call))))
                    : Optional.empty();
        });
        return stat.orElseThrow(() -> missing);
    }

    private void read(Call call) throws IOException {
        Container container = host.lookup().require(call.name("name"));
        String stat = stat(call, container);
        tell(container, "archive-path");
        boolean content = call.query().text("path").endsWith("/.");
        Path plain = Path.of(path(call)).normalize();
        String name = content || plain.getFileName() == null ? "." : nameOf(plain);
        call.exchange().answerHeader(STAT, stat);
        try (OutputStream out = new BufferedOutputStream(call.exchange().stream(200, TAR), 1 << 16);
                TarWriter tar = new TarWriter(out)) {
            boolean _ = host.containers().files(container.id(), () -> {
                FileArchive.write(tar, found(call), name);
                return true;
            });
        }
    }

    private void write(Call call) throws IOException {
        Container container = host.lookup().require(call.name("name"));
        boolean replaces = !call.query().isSet("noOverwriteDirNonDir");
        var tar = new TarReader(call.exchange().body());
        if (container.plan().host().security().readOnly()) {
            throw new Refusal(403, "container rootfs is marked read-only");
        }
        boolean _ = host.containers().files(container.id(), () -> {
            Path directory = Path.of(path(call));
            if (!Files.exists(directory)) {
                throw missing(call);
            }
            if (!Files.isDirectory(directory)) {
                throw new Refusal(400, "extraction point is not a directory");
            }
            FileArchive.unpack(tar, directory.toRealPath(), replaces, Optional.empty());
            return true;
        });
        call.exchange().body().transferTo(OutputStream.nullOutputStream());
        tell(container, "extract-to-dir");
        Replies.empty(call, 200);
    }

    private void export(Call call) throws IOException {
        Container container = host.lookup().require(call.name("name"));
        try (OutputStream out =
                        new BufferedOutputStream(call.exchange().stream(200, "application/octet-stream"), 1 << 16);
                TarWriter tar = new TarWriter(out)) {
            boolean _ = host.containers().ownFiles(container.id(), () -> {
                try (Stream<Path> top = Files.list(Path.of("/"))) {
                    for (Path each : top.sorted().toList()) {
                        FileArchive.write(tar, each, nameOf(each));
                    }
                }
                return true;
            });
        }
        tell(container, "export");
    }
}
