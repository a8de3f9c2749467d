package io.panal.cli.shown;

import io.panal.cli.json.Tree;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A container's ports as `ps` shows them, neighbours joined: `0.0.0.0:8000-8001->8000-8001/tcp, 80/tcp`.
public final class ContainerPorts {
    private static final Comparator<Tree> ORDER = Comparator.comparingLong((Tree port) -> port.number("PrivatePort"))
            .thenComparing(port -> port.text("IP"))
            .thenComparingLong(port -> port.number("PublicPort"))
            .thenComparing(port -> port.text("Type"));

    private ContainerPorts() {}

    private record Group(long first, long last) {}

    public static String shown(List<Tree> ports) {
        ports.sort(ORDER);
        List<String> shown = new ArrayList<>();
        List<String> mapped = new ArrayList<>();
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Tree port : ports) {
            long current = port.number("PrivatePort");
            String ip = port.text("IP");
            String key = ip.isEmpty() ? port.text("Type") : ip + "/" + port.text("Type");
            if (!ip.isEmpty() && port.number("PublicPort") != current) {
                mapped.add(host(ip) + ":" + port.number("PublicPort") + "->" + current + "/" + port.text("Type"));
                continue;
            }
            Group group = groups.get(key);
            if (group != null && current == group.last() + 1) {
                groups.put(key, new Group(group.first(), current));
                continue;
            }
            if (group != null) {
                shown.add(text(key, group));
            }
            groups.put(key, new Group(current, current));
        }
        groups.forEach((key, group) -> shown.add(text(key, group)));
        shown.addAll(mapped);
        return String.join(", ", shown);
    }

    private static String host(String ip) {
        return ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
    }

    private static String text(String key, Group group) {
        String span = group.first() == group.last() ? Long.toString(group.first()) : group.first() + "-" + group.last();
        int slash = key.indexOf('/');
        return slash < 0
                ? span + "/" + key
                : host(key.substring(0, slash)) + ":" + span + "->" + span + key.substring(slash);
    }
}
