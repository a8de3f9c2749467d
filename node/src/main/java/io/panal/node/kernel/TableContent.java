package io.panal.node.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What an nf_tables table holds, as the kernel tells it, so that two tables can be compared.
///
/// Handles and counts of use are left out: they differ from table to table.
///
/// @param parts the table's flags, its chains, their rules in order, its sets and their elements, each by a name for
///     users
public record TableContent(Map<String, List<String>> parts) {
    private static final int SUBSYSTEM = 10 << 8;
    private static final int GET_TABLE = 1;
    private static final int GET_CHAIN = 4;
    private static final int GET_RULE = 7;
    private static final int GET_SET = 10;
    private static final int GET_ELEMENT = 13;
    private static final int HEADER_BYTES = 4;
    private static final int HOOK = 4;

    public TableContent {
        parts = Map.copyOf(parts);
    }

    /// Reads a table; empty when it is not there.
    public static Optional<TableContent> read(Netlink netlink, Nftables.Family family, String table)
            throws IOException {
        Map<String, List<String>> parts = new TreeMap<>();
        for (NetlinkReply.Attributes each : ofTable(netlink, family, table, GET_TABLE)) {
            parts.put("table " + table, List.of(hex(each, 2)));
        }
        if (parts.isEmpty()) {
            return Optional.empty();
        }
        for (NetlinkReply.Attributes chain : ofTable(netlink, family, table, GET_CHAIN)) {
            boolean atHook = chain.bytes(HOOK).isPresent();
            String name = (atHook ? "chain " : "helper chain ") + chain.text(3).orElse("");
            parts.put(name, List.of(hex(chain, HOOK) + " " + hex(chain, 5) + " " + hex(chain, 7)));
        }
        for (NetlinkReply.Attributes rule : ofTable(netlink, family, table, GET_RULE)) {
            String chain = rule.text(2).orElse("");
            String owner = parts.containsKey("chain " + chain) ? "rules of " : "helper rules of ";
            parts.computeIfAbsent(owner + chain, _ -> new ArrayList<>()).add(hex(rule, 4));
        }
        for (NetlinkReply.Attributes set : ofTable(netlink, family, table, GET_SET)) {
            String name = set.text(2).orElse("");
            parts.put("set " + name, List.of(hex(set, 3) + hex(set, 4) + hex(set, 5) + hex(set, 6) + hex(set, 7)));
            parts.put("elements of " + name, List.copyOf(elements(netlink, family, table, name)));
        }
        return Optional.of(new TableContent(parts));
    }

    private static List<NetlinkReply.Attributes> ofTable(
            Netlink netlink, Nftables.Family family, String table, int request) throws IOException {
        NetlinkMessage message = new NetlinkMessage("list table " + table, SUBSYSTEM | request, 0);
        message.fixed8(family.number()).fixed8(0).fixed16(0);
        if (request == GET_RULE || request == GET_SET) {
            message.text(1, table);
        }
        return netlink.dump(message.accepting(KernelException.ENOENT)).stream()
                .map(reply -> reply.attributes(HEADER_BYTES))
                .filter(attributes -> attributes.text(1).equals(Optional.of(table)))
                .toList();
    }

    private static Set<String> elements(Netlink netlink, Nftables.Family family, String table, String set)
            throws IOException {
        NetlinkMessage message = new NetlinkMessage("list elements of " + set, SUBSYSTEM | GET_ELEMENT, 0);
        message.fixed8(family.number())
                .fixed8(0)
                .fixed16(0)
                .text(1, table)
                .text(2, set)
                .accepting(KernelException.ENOENT);
        Set<String> elements = new TreeSet<>();
        for (NetlinkReply reply : netlink.dump(message)) {
            for (ByteBuffer element : reply.attributes(HEADER_BYTES).list(3)) {
                byte[] bytes = new byte[element.remaining()];
                element.duplicate().get(bytes);
                elements.add(HexFormat.of().formatHex(bytes));
            }
        }
        return elements;
    }

    private static String hex(NetlinkReply.Attributes attributes, int type) {
        return attributes.bytes(type).map(HexFormat.of()::formatHex).orElse("");
    }

    /// How this one differs from a wanted one, in words, sorted. A chain or set of others that nothing
    /// leads to does not count.
    public List<String> differencesFrom(TableContent wanted) {
        List<String> differences = new ArrayList<>();
        Set<String> names = new TreeSet<>(wanted.parts.keySet());
        parts.keySet().stream()
                .filter(name -> name.startsWith("chain ") || name.startsWith("rules of "))
                .forEach(names::add);
        for (String name : names) {
            List<String> mine = parts.get(name);
            List<String> other = wanted.parts.get(name);
            if (mine == null) {
                differences.add(name + " missing");
            } else if (other == null) {
                differences.add(name + " added");
            } else if (!mine.equals(other)) {
                differences.add(name + " changed: " + counted(mine, other));
            }
        }
        return differences;
    }

    private static String counted(List<String> mine, List<String> wanted) {
        Set<String> missing = new HashSet<>(wanted);
        mine.forEach(missing::remove);
        Set<String> added = new HashSet<>(mine);
        wanted.forEach(added::remove);
        return "%d missing, %d added".formatted(missing.size(), added.size());
    }
}
