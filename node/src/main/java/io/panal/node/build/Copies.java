package io.panal.node.build;

import io.panal.images.archive.TarEntry;
import io.panal.images.archive.TarReader;
import io.panal.images.archive.TarWriter;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// `COPY` and `ADD`: which files, where to, whose.
///
/// @param sources   what is copied, in order
/// @param unpacks   whether archives are unpacked, as `ADD` does
/// @param chown     `user[:group]`; empty for root
record Copies(FileSet files, List<Source> sources, String destination, boolean unpacks, String chown) {
    private static final int HEAD = 512;

    /// @param path what it leads to, links followed
    record Source(String name, String path) {}

    static Copies of(Instruction instruction, FileSet files, List<String> words, String directory) throws IOException {
        if (words.size() < 2) {
            throw instruction.refuse(instruction.word() + " requires at least two arguments");
        }
        List<Source> sources = new ArrayList<>();
        for (String word : words.subList(0, words.size() - 1)) {
            if (instruction.word().equals("ADD") && word.matches("(https?|git)://.*")) {
                throw new BuildException(
                        "ADD failed: fetching %s is not supported here; fetch it in a RUN step or beforehand"
                                .formatted(word));
            }
            List<String> found = files.matching(word);
            for (String path : found) {
                sources.add(new Source(path, files.resolve(path).orElse(path)));
            }
            if (found.isEmpty()) {
                throw new BuildException(
                        word.matches(".*[*?\\[].*")
                                ? instruction.word() + " failed: no source files were specified"
                                : "%s failed: file not found in build context or excluded by .dockerignore: stat %s: file does not exist"
                                        .formatted(instruction.word(), FileSet.clean(word)));
            }
        }
        String last = words.getLast();
        boolean inside = last.endsWith("/") || last.endsWith("/.") || last.equals(".") || last.equals("./");
        Path target =
                Path.of(directory.isEmpty() ? "/" : directory).resolve(last).normalize();
        if (sources.size() > 1 && !inside) {
            throw new BuildException(
                    "When using %s with more than one source file, the destination must be a directory and end with a /"
                            .formatted(instruction.word()));
        }
        return new Copies(
                files,
                sources,
                target + (inside && !target.toString().equals("/") ? "/" : ""),
                instruction.word().equals("ADD"),
                "");
    }

    Copies ownedBy(String owner) {
        return new Copies(files, sources, destination, unpacks, owner);
    }

    /// The same for the same files, whatever their times.
    String fingerprint() throws IOException {
        MessageDigest hash = Hashes.sha256();
        for (Source source : sources) {
            hash.update((source.name() + "\n").getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, FileSet.Placed> each : tree(source).entrySet()) {
                TarEntry entry = each.getValue().entry();
                hash.update("%s %s %o %s %d\n"
                        .formatted(each.getKey(), entry.kind(), entry.mode(), entry.link(), files.size(each.getValue()))
                        .getBytes(StandardCharsets.UTF_8));
                if (isFile(entry)) {
                    try (InputStream content = files.content(each.getValue())) {
                        Hashes.update(hash, content);
                    }
                }
            }
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private static boolean isFile(TarEntry entry) {
        return entry.kind() == TarEntry.Kind.FILE || entry.kind() == TarEntry.Kind.HARD_LINK;
    }

    /// A directory's files by their path in it; a file alone under the empty path.
    private Map<String, FileSet.Placed> tree(Source source) {
        Map<String, FileSet.Placed> tree = files.below(source.path());
        if (!files.isDirectory(source.path())) {
            files.find(source.path()).ifPresent(placed -> tree.put("", placed));
        }
        return tree;
    }

    /// Writes the layer. To be called with the root of the image before as the root of all files.
    void write(TarWriter layer) throws IOException {
        Places places = new Places();
        TarEntry.Owner owner = places.owner(chown);
        for (Source source : sources) {
            if (files.isDirectory(source.path())) {
                String to = places.directory(destination);
                for (Map.Entry<String, FileSet.Placed> each : tree(source).entrySet()) {
                    put(layer, places, to + "/" + each.getKey(), each.getValue(), owner);
                }
                continue;
            }
            FileSet.Placed file = files.find(source.path()).orElseThrow();
            if (unpacks && unpack(layer, places, file)) {
                continue;
            }
            boolean into = destination.endsWith("/") || Files.isDirectory(Path.of(destination));
            String base = Path.of(source.name()).getFileName().toString();
            put(layer, places, into ? places.directory(destination) + "/" + base : destination, file, owner);
        }
    }

    private void put(TarWriter layer, Places places, String target, FileSet.Placed file, TarEntry.Owner owner)
            throws IOException {
        TarEntry entry = file.entry().ownedBy(owner);
        boolean directory = entry.kind() == TarEntry.Kind.DIRECTORY;
        // A directory that is there keeps its owner and its mode.
        if (directory && Files.isDirectory(Path.of(target))) {
            return;
        }
        String name = places.of(target).substring(1);
        if (isFile(entry)) {
            TarEntry written = TarEntry.file(name, entry.mode(), owner, entry.modified(), files.size(file));
            try (InputStream content = files.content(file)) {
                layer.add(written, content);
            }
        } else {
            layer.add(entry.called(name));
        }
    }

    /// @return false when the file is no archive
    private boolean unpack(TarWriter layer, Places places, FileSet.Placed file) throws IOException {
        try (InputStream content = new BufferedInputStream(files.content(file), 1 << 16)) {
            content.mark(HEAD);
            byte[] head = content.readNBytes(HEAD);
            content.reset();
            boolean zipped = head.length > 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
            boolean plain = head.length == HEAD && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
            if (!zipped && !plain) {
                return false;
            }
            TarReader tar = new TarReader(zipped ? new GZIPInputStream(content) : content);
            String to = places.directory(destination);
            for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                String path = FileSet.clean(next.get().name());
                if (!path.isEmpty()) {
                    TarEntry placed =
                            next.get().called(places.of(to + "/" + path).substring(1));
                    boolean link = placed.kind() == TarEntry.Kind.HARD_LINK;
                    String target = to + "/" + FileSet.clean(placed.link());
                    layer.add(link ? placed.linkedTo(places.of(target).substring(1)) : placed, tar.content());
                }
            }
            return true;
        }
    }
}
