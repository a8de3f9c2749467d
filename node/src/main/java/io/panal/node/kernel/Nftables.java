package io.panal.node.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A change of one nf_tables table, applied as a whole or not at all.
///
/// Written by hand to netlink's form because a process of `nft` costs two hundred times as much, and because its
/// grammar cannot say the rule that the routing mesh needs. Source: `linux/netfilter/nf_tables.h`.
public final class Nftables {
    private static final int SUBSYSTEM = 10 << 8;
    private static final int BATCH_BEGIN = 16;
    private static final int BATCH_END = 17;

    private static final int NEW_TABLE = 0;
    private static final int DELETE_TABLE = 2;
    private static final int NEW_CHAIN = 3;
    private static final int GET_CHAIN = 4;
    private static final int NEW_RULE = 6;
    private static final int GET_RULE = 7;
    private static final int NEW_SET = 9;
    private static final int NEW_ELEMENT = 12;
    private static final int DELETE_ELEMENT = 14;

    private static final int GET_GENERATION = 16;

    private static final int CREATE = 0x400;
    private static final int APPEND = 0x800;
    private static final int MAP = 8;
    private static final int TYPE_VERDICT = 0xffffff00;
    private static final int GOTO = -4;
    private static final int DROP = 0;
    private static final int ELEMENTS_PER_MESSAGE = 500;

    private final Family family;
    private final String table;
    private final List<NetlinkMessage> messages = new ArrayList<>();

    /// @param table its name
    public Nftables(Family family, String table) {
        this.family = family;
        this.table = table;
        messages.add(bracket(BATCH_BEGIN));
    }

    /// The families of tables; `INET` is IPv4 and IPv6 together.
    public enum Family {
        INET(1),
        IPV4(2),
        NETDEV(5),
        IPV6(10);

        private final int number;

        Family(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        /// As `nft` spells it.
        public String word() {
            return switch (this) {
                case INET -> "inet";
                case IPV4 -> "ip";
                case NETDEV -> "netdev";
                case IPV6 -> "ip6";
            };
        }
    }

    /// The hooks of a packet's way; the numbers are the kernel's.
    public enum Hook {
        PREROUTING(0),
        INPUT(1),
        FORWARD(2),
        OUTPUT(3),
        POSTROUTING(4);

        private final int number;

        Hook(int number) {
            this.number = number;
        }
    }

    /// The types of data that keys and values of maps are made of, so that `nft list` prints them well.
    public enum Type {
        ADDRESS4(7, 4),
        ADDRESS6(8, 16),
        PROTOCOL(12, 1),
        PORT(13, 2),
        SLOT(19, 4);

        private final int number;
        private final int bytes;

        Type(int number, int bytes) {
            this.number = number;
            this.bytes = bytes;
        }

        private static int number(List<Type> types) {
            return types.stream().mapToInt(type -> type.number).reduce(0, (all, each) -> all << 6 | each);
        }

        private static int bytes(List<Type> types) {
            return types.size() == 1
                    ? types.getFirst().bytes
                    : types.stream().mapToInt(type -> type.bytes + 3 & ~3).sum();
        }
    }

    /// A key and, in a map, its value, each as the kernel compares them: parts padded to four bytes.
    public static final class Element {
        private final byte[] key;
        private final byte[] value;

        public Element(byte[] key, byte[] value) {
            this.key = key.clone();
            this.value = value.clone();
        }

        public static Element of(byte[] key) {
            return new Element(key, new byte[0]);
        }
    }

    /// Begins from nothing: the table is emptied if it is there.
    public Nftables anew() {
        table(NEW_TABLE);
        table(DELETE_TABLE);
        table(NEW_TABLE);
        return this;
    }

    /// Removes the table; absent is fine.
    public Nftables removed() {
        table(NEW_TABLE);
        table(DELETE_TABLE);
        return this;
    }

    private void table(int type) {
        message((type == NEW_TABLE ? "add table " : "remove table ") + table, type, type == NEW_TABLE ? CREATE : 0)
                .text(1, table);
    }

    /// A chain that rules jump to.
    public Nftables chain(String name) {
        message("add chain " + name, NEW_CHAIN, CREATE).text(1, table).text(3, name);
        return this;
    }

    /// A chain at a hook.
    ///
    /// @param type `filter`, `nat` or `route`
    public Nftables chain(String name, String type, Hook hook, int priority) {
        message("add chain " + name, NEW_CHAIN, CREATE)
                .text(1, table)
                .text(3, name)
                .nested(4, at -> at.big32(1, hook.number).big32(2, priority))
                .text(7, type);
        return this;
    }

    /// A chain for what leaves by a device (family NETDEV, Linux 5.16).
    public Nftables egressChain(String name, String device) {
        message("add chain " + name, NEW_CHAIN, CREATE)
                .text(1, table)
                .text(3, name)
                .nested(4, at -> at.big32(1, 1).big32(2, 0).text(3, device))
                .text(7, "filter");
        return this;
    }

    /// Appends a rule.
    public Nftables rule(String chain, Expression... expressions) {
        message("add rule to " + chain, NEW_RULE, CREATE | APPEND)
                .text(1, table)
                .text(2, chain)
                .nested(4, list -> {
                    for (Expression expression : expressions) {
                        list.nested(
                                1, element -> element.text(1, expression.name()).nested(2, expression.data()));
                    }
                });
        return this;
    }

    public Nftables set(String name, Type... key) {
        newSet(name, List.of(key));
        return this;
    }

    public Nftables map(String name, List<Type> key, List<Type> value) {
        newSet(name, key).big32(3, MAP).big32(6, Type.number(value)).big32(7, Type.bytes(value));
        return this;
    }

    /// A map whose values are chains to go to.
    public Nftables verdictMap(String name, Type... key) {
        newSet(name, List.of(key)).big32(3, MAP).big32(6, TYPE_VERDICT).big32(7, 0);
        return this;
    }

    private NetlinkMessage newSet(String name, List<Type> key) {
        return message("add set " + name, NEW_SET, CREATE)
                .text(1, table)
                .text(2, name)
                .big32(4, Type.number(key))
                .big32(5, Type.bytes(key))
                .big32(10, messages.size());
    }

    public Nftables add(String set, List<Element> elements) {
        return elements(set, NEW_ELEMENT, elements, (message, element) -> {
            if (element.value.length > 0) {
                message.nested(2, value -> value.bytes(1, element.value));
            }
        });
    }

    /// Adds a key to a verdict map.
    public Nftables goTo(String map, byte[] key, String chain) {
        return elements(
                map,
                NEW_ELEMENT,
                List.of(Element.of(key)),
                (message, element) -> message.nested(
                        2,
                        data -> data.nested(2, verdict -> verdict.big32(1, GOTO).text(2, chain))));
    }

    public Nftables remove(String set, List<byte[]> keys) {
        return elements(set, DELETE_ELEMENT, keys.stream().map(Element::of).toList(), (message, element) -> {});
    }

    private Nftables elements(String set, int type, List<Element> elements, ValueWriter value) {
        for (int from = 0; from < elements.size(); from += ELEMENTS_PER_MESSAGE) {
            List<Element> part = elements.subList(from, Math.min(elements.size(), from + ELEMENTS_PER_MESSAGE));
            message((type == NEW_ELEMENT ? "add to " : "remove from ") + set, type, type == NEW_ELEMENT ? CREATE : 0)
                    .text(1, table)
                    .text(2, set)
                    .nested(3, list -> {
                        for (Element element : part) {
                            list.nested(1, entry -> {
                                entry.nested(1, key -> key.bytes(1, element.key));
                                value.write(entry, element);
                            });
                        }
                    });
        }
        return this;
    }

    @FunctionalInterface
    private interface ValueWriter {
        void write(NetlinkMessage entry, Element element);
    }

    /// Whether there is anything to send.
    public boolean isEmpty() {
        return messages.size() == 1;
    }

    /// Sends the change.
    ///
    /// @throws KernelException nothing of it was done
    public void commit(Netlink netlink) throws IOException {
        if (!isEmpty()) {
            List<NetlinkMessage> all = new ArrayList<>(messages);
            all.add(bracket(BATCH_END));
            netlink.sendBracketed(all);
        }
    }

    /// How often the tables of the socket's namespace were changed, by anybody.
    public static int generation(Netlink netlink) throws IOException {
        NetlinkMessage request = new NetlinkMessage("ask for the generation of tables", SUBSYSTEM | GET_GENERATION, 0);
        request.fixed8(0).fixed8(0).fixed16(0);
        return netlink.ask(request).stream()
                .flatMap(reply -> reply.attributes(4).big32(1).stream())
                .findFirst()
                .orElse(0);
    }

    /// A base chain of anybody that drops what it does not accept on the forward path.
    ///
    /// @param family as `nft` spells it
    public record DroppingChain(String family, String table, String chain) {}

    /// Whether a rule of a chain names an interface.
    public static boolean mentions(Netlink netlink, DroppingChain chain, String device) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list rules", SUBSYSTEM | GET_RULE, 0);
        request.fixed8(0).fixed8(0).fixed16(0).text(1, chain.table()).text(2, chain.chain());
        byte[] name = device.getBytes(StandardCharsets.US_ASCII);
        return netlink.dump(request).stream().anyMatch(reply -> contains(reply.body(), name));
    }

    private static boolean contains(ByteBuffer body, byte[] wanted) {
        for (int at = 0; at + wanted.length <= body.limit(); at++) {
            if (body.slice(at, wanted.length).equals(ByteBuffer.wrap(wanted))) {
                return true;
            }
        }
        return false;
    }

    /// The base chains at the forward hook whose policy is to drop, of all tables that the kernel's nf_tables holds.
    public static List<DroppingChain> droppingForward(Netlink netlink) throws IOException {
        NetlinkMessage request = new NetlinkMessage("list chains", SUBSYSTEM | GET_CHAIN, 0);
        request.fixed8(0).fixed8(0).fixed16(0);
        return netlink.dump(request).stream()
                .flatMap(reply -> dropping(reply.body().get(0), reply.attributes(4)).stream())
                .distinct()
                .toList();
    }

    private static Optional<DroppingChain> dropping(int family, NetlinkReply.Attributes chain) {
        boolean atForward = chain.nested(4)
                .flatMap(hook -> hook.big32(1))
                .filter(number -> number == Hook.FORWARD.number)
                .isPresent();
        boolean drops = chain.big32(5).filter(policy -> policy == DROP).isPresent();
        return atForward && drops
                ? Optional.of(new DroppingChain(
                        familyWord(family),
                        chain.text(1).orElse(""),
                        chain.text(3).orElse("")))
                : Optional.empty();
    }

    private static String familyWord(int family) {
        return switch (family) {
            case 2 -> "ip";
            case 10 -> "ip6";
            default -> "inet";
        };
    }

    /// Parts of a key or value, each padded to four bytes as the kernel's registers are.
    public static byte[] joined(byte[]... parts) {
        byte[] all = new byte[0];
        for (byte[] part : parts) {
            int start = all.length;
            all = Arrays.copyOf(all, start + (part.length + 3 & ~3));
            System.arraycopy(part, 0, all, start, part.length);
        }
        return all;
    }

    private NetlinkMessage message(String what, int type, int flags) {
        NetlinkMessage message = new NetlinkMessage("nf_tables: " + what, SUBSYSTEM | type, flags);
        message.fixed8(family.number).fixed8(0).fixed16(0);
        messages.add(message);
        return message;
    }

    private static NetlinkMessage bracket(int type) {
        NetlinkMessage message = new NetlinkMessage("nf_tables: commit", type, 0);
        int subsystem =
                java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.LITTLE_ENDIAN ? SUBSYSTEM : SUBSYSTEM >> 8;
        return message.fixed8(0).fixed8(0).fixed16(subsystem);
    }
}
