package io.panal.node.containers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// A real image without a registry: Debian's statically linked busybox as its only layer.
public final class BusyboxImage {
    public static final String NAME = "docker.io/library/busybox:latest";

    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final List<String> COMMANDS = List.of(
            "sh",
            "sleep",
            "echo",
            "cat",
            "id",
            "stty",
            "dd",
            "yes",
            "head",
            "true",
            "false",
            "printf",
            "seq",
            "env",
            "hostname",
            "ls",
            "kill",
            "test",
            "wc",
            "tail",
            "ps",
            "touch",
            "pwd",
            "tr",
            "grep");

    private BusyboxImage() {}

    public static StoredImage load(ImageStore store) throws IOException, InterruptedException {
        var tar = layer();
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(tar);
        }
        var layer = zipped.toByteArray();
        var configuration = """
                {"architecture":"amd64","os":"linux","created":"2026-01-02T03:04:05Z",
                 "config":{"Env":["PATH=/bin","COLOUR=green"],"Cmd":["sleep","1000"],"WorkingDir":"/work","StopSignal":"SIGTERM",
                           "ExposedPorts":{"80/tcp":{}},"Labels":{"maker":"us"},
                           "Healthcheck":{"Test":["CMD","true"],"Interval":1000000000}},
                 "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(ImageDocuments.digest(tar)).getBytes(StandardCharsets.UTF_8);
        var manifest = """
                {"schemaVersion":2,"mediaType":"%s",
                 "config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"%s","size":%d},
                 "layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"%s","size":%d}]}""".formatted(
                        MANIFEST_TYPE,
                        ImageDocuments.digest(configuration),
                        configuration.length,
                        ImageDocuments.digest(layer),
                        layer.length)
                .getBytes(StandardCharsets.UTF_8);
        var digest = ImageDocuments.digest(manifest);
        try (var bringing = store.begin()) {
            bringing.write(ImageDocuments.digest(layer), layer);
            bringing.write(ImageDocuments.digest(configuration), configuration);
            bringing.write(digest, manifest);
            return bringing.complete(List.of(NAME), digest, MANIFEST_TYPE, digest);
        }
    }

    private static byte[] layer() throws IOException, InterruptedException {
        var root = Files.createTempDirectory("panal-busybox");
        try {
            for (var directory : List.of("bin", "etc", "work", "tmp", "proc", "dev", "sys")) {
                Files.createDirectory(root.resolve(directory));
            }
            Files.copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"), LinkOption.NOFOLLOW_LINKS);
            root.resolve("bin/busybox").toFile().setExecutable(true, false);
            for (var command : COMMANDS) {
                Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("busybox"));
            }
            Files.writeString(
                    root.resolve("etc/passwd"), "root:x:0:0:root:/:/bin/sh\nworker:x:1000:1001::/work:/bin/sh\n");
            Files.writeString(root.resolve("etc/group"), "root:x:0:root\nstaff:x:50:worker\nworker:x:1001:\n");
            var tar = new ProcessBuilder("tar", "--sort=name", "--mtime=@0", "-C", root.toString(), "-cf", "-", ".")
                    .start();
            var bytes = tar.getInputStream().readAllBytes();
            tar.waitFor();
            return bytes;
        } finally {
            Temporary.delete(root);
        }
    }
}
