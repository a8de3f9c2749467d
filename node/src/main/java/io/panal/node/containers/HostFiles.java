package io.panal.node.containers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A container's `/etc/hosts`, `/etc/hostname` and `/etc/resolv.conf`, kept in its own directory.
final class HostFiles {
    /// Names in the container's directory, and below its `/etc`.
    static final List<String> NAMES = List.of("resolv.conf", "hostname", "hosts");

    private static final Path HOST_RESOLVERS = Path.of("/etc/resolv.conf");

    private static final String USUAL_HOSTS = """
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            ff00::0\tip6-mcastprefix
            ff02::1\tip6-allnodes
            ff02::2\tip6-allrouters
            """;

    private HostFiles() {}

    /// Writes in place: the files are mounted, a new file would not be seen.
    static void write(Path directory, NamesPlan plan) throws IOException {
        Files.writeString(directory.resolve("hostname"), plan.hostname() + "\n");
        Files.writeString(directory.resolve("hosts"), hosts(plan));
        Files.writeString(directory.resolve("resolv.conf"), resolvers(plan));
    }

    private static String hosts(NamesPlan plan) {
        var text = new StringBuilder(USUAL_HOSTS);
        plan.hosts().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String resolvers(NamesPlan plan) throws IOException {
        if (plan.nameservers().isEmpty()) {
            return Files.exists(HOST_RESOLVERS) ? Files.readString(HOST_RESOLVERS) : "";
        }
        var text = new StringBuilder();
        plan.nameservers()
                .forEach(server -> text.append("nameserver ").append(server).append('\n'));
        if (!plan.searches().isEmpty()) {
            text.append("search ").append(String.join(" ", plan.searches())).append('\n');
        }
        if (!plan.options().isEmpty()) {
            text.append("options ").append(String.join(" ", plan.options())).append('\n');
        }
        return text.toString();
    }
}
