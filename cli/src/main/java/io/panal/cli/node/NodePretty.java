package io.panal.cli.node;

import io.panal.cli.json.Tree;
import io.panal.cli.shown.Text;
import io.panal.cli.table.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A node for people, as `node inspect --pretty` prints it.
final class NodePretty {
    private NodePretty() {}

    static String show(Tree node) {
        var out = new StringBuilder();
        out.append("ID:\t\t\t").append(node.text("ID")).append('\n');
        String name = node.text("Spec.Name");
        if (!name.isEmpty()) {
            out.append("Name:\t\t\t").append(name).append('\n');
        }
        Map<String, String> labels = new TreeMap<>(node.strings("Spec.Labels"));
        if (!labels.isEmpty()) {
            out.append("Labels:\n");
            labels.forEach((key, value) -> label(out, key, value));
        }
        out.append("Hostname:              \t").append(node.text("Description.Hostname"));
        out.append("\nJoined at:             \t").append(time(node.text("CreatedAt")));
        out.append("\nStatus:\n State:\t\t\t").append(Text.capital(node.text("Status.State")));
        String message = node.text("Status.Message");
        if (!message.isEmpty()) {
            out.append("\n Message:              \t").append(Text.capital(message));
        }
        out.append("\n Availability:         \t").append(Text.capital(node.text("Spec.Availability")));
        String address = node.text("Status.Addr");
        if (!address.isEmpty()) {
            out.append("\n Address:\t\t").append(address);
        }
        out.append('\n');
        manager(out, node);
        platform(out, node);
        tls(out, node.tree("Description.TLSInfo"));
        return out.toString();
    }

    private static void label(StringBuilder out, String key, String value) {
        out.append(" - ").append(key);
        if (!value.isEmpty()) {
            out.append('=').append(value);
        }
        out.append('\n');
    }

    /// `2026-11-22T13:34:38.677611028Z` is shown as `2026-11-22 13:34:38.677611028 +0000 utc`.
    private static String time(String timestamp) {
        return timestamp.replace('T', ' ').replace("Z", "") + " +0000 utc";
    }

    private static void manager(StringBuilder out, Tree node) {
        if (!node.has("ManagerStatus")) {
            return;
        }
        out.append("Manager Status:\n Address:\t\t").append(node.text("ManagerStatus.Addr"));
        out.append("\n Raft Status:\t\t").append(Text.capital(node.text("ManagerStatus.Reachability")));
        out.append("\n Leader:\t\t")
                .append(node.isTrue("ManagerStatus.Leader") ? "Yes" : "No")
                .append('\n');
    }

    private static void platform(StringBuilder out, Tree node) {
        Tree description = node.tree("Description");
        out.append("Platform:\n Operating System:\t").append(description.text("Platform.OS"));
        out.append("\n Architecture:\t\t").append(description.text("Platform.Architecture"));
        out.append("\nResources:\n CPUs:\t\t\t").append(description.number("Resources.NanoCPUs") / 1_000_000_000L);
        out.append("\n Memory:\t\t").append(Sizes.binary(description.number("Resources.MemoryBytes")));
        out.append('\n');
        plugins(out, description);
        out.append("Engine Version:\t\t")
                .append(description.text("Engine.EngineVersion"))
                .append('\n');
        Map<String, String> labels = new TreeMap<>(description.strings("Engine.Labels"));
        if (!labels.isEmpty()) {
            out.append("Engine Labels:\n");
            labels.forEach((key, value) -> label(out, key, value));
        }
    }

    private static void plugins(StringBuilder out, Tree description) {
        Map<String, List<String>> byType = new TreeMap<>();
        for (Tree plugin : description.trees("Engine.Plugins")) {
            List<String> names = byType.get(plugin.text("Type"));
            if (names == null) {
                names = new ArrayList<>();
                byType.put(plugin.text("Type"), names);
            }
            names.add(plugin.text("Name"));
        }
        if (byType.isEmpty()) {
            return;
        }
        out.append("Plugins:\n");
        byType.forEach((type, names) -> out.append(' ')
                .append(type)
                .append(":\t\t")
                .append(String.join(", ", names))
                .append('\n'));
    }

    private static void tls(StringBuilder out, Tree tls) {
        if (tls.text("TrustRoot").isEmpty()) {
            return;
        }
        out.append("TLS Info:\n TrustRoot:\n").append(tls.text("TrustRoot"));
        out.append("\n Issuer Subject:\t").append(tls.text("CertIssuerSubject"));
        out.append("\n Issuer Public Key:\t")
                .append(tls.text("CertIssuerPublicKey"))
                .append('\n');
    }
}
