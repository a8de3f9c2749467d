package io.panal.node.build;

import io.panal.images.archive.TarWriter;
import io.panal.node.containers.FileArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/// Takes files out of an image whose root is the root of all files now.
final class Trees {
    private Trees() {}

    /// All that the wanted paths may mean: what lies below the directory before the first wildcard.
    static void write(TarWriter tar, List<String> wanted) throws IOException {
        TreeSet<String> roots = new TreeSet<>();
        for (String each : wanted) {
            Path plain = Path.of("/");
            for (Path part : Path.of("/", each).normalize()) {
                if (part.toString().matches(".*[*?\\[].*")) {
                    break;
                }
                plain = plain.resolve(part);
            }
            roots.add(plain.toString());
        }
        String last = "\0";
        for (String root : roots) {
            boolean within = root.equals(last) || root.startsWith(last.equals("/") ? "/" : last + "/");
            if (!within && Files.exists(Path.of(root), LinkOption.NOFOLLOW_LINKS)) {
                // By its own name, with what it leads to: links before it need not be in the archive.
                FileArchive.write(tar, Path.of(root).toRealPath(), root.equals("/") ? "." : root.substring(1));
                last = root;
            }
        }
    }
}
