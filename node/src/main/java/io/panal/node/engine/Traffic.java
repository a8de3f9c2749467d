package io.panal.node.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// What passed through one interface of a network namespace since that was made.
///
/// @param received bytes, packets, errors, dropped packets
/// @param sent the same
record Traffic(List<Long> received, List<Long> sent) {
    private static final List<String> WORDS = List.of("bytes", "packets", "errors", "dropped");
    /// The kernel's table has eight numbers for each direction.
    private static final int SENT_FROM = 8;

    Traffic {
        received = List.copyOf(received);
        sent = List.copyOf(sent);
    }

    /// Of a process's namespace, by interface, without `lo`; none when it is the daemon's own, which is the host's.
    static SortedMap<String, Traffic> of(int pid) throws IOException {
        Path process = Path.of("/proc", String.valueOf(pid));
        boolean isHosts = Files.readSymbolicLink(process.resolve("ns/net"))
                .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        return isHosts ? new TreeMap<>() : read(Files.readAllLines(process.resolve("net/dev")));
    }

    /// @param lines of `/proc/PID/net/dev`: two of titles, then `NAME: NUMBER...`
    static SortedMap<String, Traffic> read(List<String> lines) {
        SortedMap<String, Traffic> found = new TreeMap<>();
        for (String line : lines.subList(Math.min(2, lines.size()), lines.size())) {
            int colon = line.lastIndexOf(':');
            String device = line.substring(0, colon).strip();
            List<Long> numbers = new ArrayList<>();
            Arrays.stream(line.substring(colon + 1).strip().split("\\s+"))
                    .map(Long::parseLong)
                    .forEach(numbers::add);
            if (!device.equals("lo")) {
                found.put(
                        device,
                        new Traffic(
                                numbers.subList(0, WORDS.size()),
                                numbers.subList(SENT_FROM, SENT_FROM + WORDS.size())));
            }
        }
        return found;
    }

    void writeTo(ObjectNode node) {
        for (int each = 0; each < WORDS.size(); each++) {
            node.put("rx_" + WORDS.get(each), received.get(each));
            node.put("tx_" + WORDS.get(each), sent.get(each));
        }
    }
}
