package io.panal.node.dataplane;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A task's network with what was chosen for it here, written down so that the next daemon knows it.
///
/// The file lives beside the namespaces, in a directory that a reboot empties as it ends them.
///
/// @param wires its networks in the order of its interfaces, the ingress network first
/// @param outside its address on the gateway bridge, if it has one
record TaskPlan(TaskNetwork task, List<Wire> wires, Optional<Cidr> outside) {
    private static final String PORT_PREFIX = "t-";
    private static final String PLAIN_OUTSIDE = "gateway";
    private static final String REACHED = ">";
    private static final Pattern BRIDGE_PORT = Pattern.compile("n[0-9]+-.+");
    private static final int FORMAT = 1;
    private static final int PORT_NAME_CHARACTERS = 15;

    TaskPlan {
        wires = List.copyOf(wires);
    }

    /// @param device `eth0` and so on
    /// @param further addresses of its own
    /// @param reach as [TaskNetwork.Attachment#reach]
    /// @param bridged of a network of this host alone
    record Wire(
            String networkId,
            String device,
            Cidr address,
            List<Cidr> further,
            List<Cidr> reach,
            Optional<Bridged> bridged) {
        Wire {
            further = List.copyOf(further);
            reach = List.copyOf(reach);
        }

        /// Its own addresses, the first of IPv4 if it has one.
        List<Cidr> addresses() {
            return Stream.concat(Stream.of(address), further.stream()).toList();
        }

        Optional<InetAddress> gateway(boolean ipv6) {
            return bridged.stream()
                    .flatMap(own -> own.gateways().stream())
                    .filter(hop -> ipv6 == hop instanceof Inet6Address)
                    .findFirst();
        }
    }

    /// What a wire in a bridge has beside what all have.
    ///
    /// @param networkName among several that lead out the first in this order is the way
    /// @param gateways next hops to elsewhere; none in an internal network
    record Bridged(String networkName, List<InetAddress> gateways) {
        Bridged {
            gateways = List.copyOf(gateways);
        }

        private static Bridged of(Bridge bridge) {
            return new Bridged(
                    bridge.name(),
                    bridge.traffic().internal()
                            ? List.of()
                            : bridge.gateways().stream().map(Cidr::address).toList());
        }
    }

    /// Interfaces are numbered in the order given, the ingress network first.
    ///
    /// @param bridges of this host, by id
    static TaskPlan of(
            TaskNetwork task,
            Optional<String> ingressId,
            Function<String, Optional<Bridge>> bridges,
            Optional<Cidr> outside) {
        Stream<TaskNetwork.Attachment> first =
                task.attachments().stream().filter(each -> ingressId.equals(Optional.of(each.networkId())));
        Stream<TaskNetwork.Attachment> rest =
                task.attachments().stream().filter(each -> !ingressId.equals(Optional.of(each.networkId())));
        List<Wire> wires = new ArrayList<>();
        for (TaskNetwork.Attachment attachment : Stream.concat(first, rest).toList()) {
            wires.add(wire(attachment, "eth" + wires.size(), bridges));
        }
        return new TaskPlan(task, wires, outside);
    }

    boolean isIpv4Only() {
        return wires.stream()
                .flatMap(wire -> wire.addresses().stream())
                .map(Cidr::address)
                .allMatch(Inet4Address.class::isInstance);
    }

    private static Wire wire(
            TaskNetwork.Attachment attachment, String device, Function<String, Optional<Bridge>> bridges) {
        return new Wire(
                attachment.networkId(),
                device,
                Cidr.of(attachment.addressCidr()),
                cidrs(attachment.further().stream()),
                cidrs(attachment.reach().stream()),
                bridges.apply(attachment.networkId()).map(Bridged::of));
    }

    /// Whether anything leads outside; published ports do, also from internal networks.
    boolean reachesOut() {
        return task.gateway() || outside.isPresent() || !hops().isEmpty();
    }

    /// Whether a task that lives can come to this without being taken off its other networks: those of containers that
    /// users run by themselves come and go.
    boolean canBecome(TaskNetwork wanted) {
        return task.isPlain() && task.taskId().equals(wanted.taskId());
    }

    /// With what stays on the interface that it has, and what comes on the first free one.
    ///
    /// @param leads its way outside, once it has one
    TaskPlan becoming(TaskNetwork wanted, Function<String, Optional<Bridge>> bridges, Optional<Cidr> leads) {
        List<Wire> next = new ArrayList<>();
        List<TaskNetwork.Attachment> fresh = new ArrayList<>();
        for (TaskNetwork.Attachment attachment : wanted.attachments()) {
            Optional<Wire> same = wireIn(attachment.networkId())
                    .map(wire -> wire(attachment, wire.device(), bridges))
                    .filter(wires::contains);
            same.ifPresentOrElse(next::add, () -> fresh.add(attachment));
        }
        Set<String> devices = new HashSet<>();
        wires.forEach(wire -> devices.add(wire.device()));
        int number = 0;
        for (TaskNetwork.Attachment attachment : fresh) {
            while (!devices.add("eth" + number)) {
                number++;
            }
            next.add(wire(attachment, "eth" + number, bridges));
        }
        return new TaskPlan(wanted, next, leads);
    }

    /// Without some of its networks.
    TaskPlan without(List<Wire> gone) {
        Set<String> ids = new HashSet<>();
        gone.forEach(wire -> ids.add(wire.networkId()));
        return new TaskPlan(
                task.without(ids),
                wires.stream().filter(wire -> !gone.contains(wire)).toList(),
                outside);
    }

    /// The near end's name of the task's cables: one in each overlay's namespace, one at the gateway bridge.
    String port() {
        return shortened(PORT_PREFIX + task.taskId());
    }

    /// The near end's name of a cable; those at bridges are all in the host's namespace.
    String port(Wire wire) {
        return wire.bridged().isEmpty()
                ? port()
                : shortened(
                        "n" + wire.device().substring(3) + "-" + task.taskId().replaceFirst("^run-", ""));
    }

    private static String shortened(String name) {
        return name.substring(0, Math.min(PORT_NAME_CHARACTERS, name.length()));
    }

    /// The near ends' names of all its cables.
    Set<String> ports() {
        Set<String> ports = new HashSet<>(Set.of(port()));
        wires.forEach(wire -> ports.add(port(wire)));
        return ports;
    }

    /// Whether a cable of such a name is a task's.
    static boolean isPort(String name) {
        return name.startsWith(PORT_PREFIX) || BRIDGE_PORT.matcher(name).matches();
    }

    /// As [Difference] names it.
    String owner() {
        return "task " + task.taskId();
    }

    /// The networks of a container that a user runs come and go, so it is no number after theirs.
    String outsideDevice() {
        return task.isPlain() ? PLAIN_OUTSIDE : "eth" + wires.size();
    }

    /// The next hop of what goes elsewhere.
    record Hop(InetAddress gateway, String device) {}

    /// The bridge that its packets of IPv4 leave by when they go elsewhere.
    Optional<Wire> wireOutside() {
        return wireOutside(false);
    }

    private Optional<Wire> wireOutside(boolean ipv6) {
        return wires.stream()
                .filter(wire -> wire.gateway(ipv6).isPresent())
                .min(Comparator.comparing(
                        wire -> wire.bridged().map(Bridged::networkName).orElse("")));
    }

    /// Of its bridges, one of each family at most.
    List<Hop> hops() {
        return Stream.of(false, true)
                .flatMap(ipv6 ->
                        wireOutside(ipv6)
                                .flatMap(wire -> wire.gateway(ipv6).map(gateway -> new Hop(gateway, wire.device())))
                                .stream())
                .toList();
    }

    Optional<Wire> wireIn(String networkId) {
        return wires.stream().filter(wire -> wire.networkId().equals(networkId)).findFirst();
    }

    /// The address that a port of this node alone is redirected to: where its answers leave by.
    Optional<InetAddress> hostPortAddress() {
        return outside.map(Cidr::address)
                .or(() -> wireOutside().map(wire -> wire.address().address()))
                .or(() -> wires.stream()
                        .filter(wire -> wire.bridged().isEmpty())
                        .map(wire -> wire.address().address())
                        .findFirst());
    }

    List<HostPortKey> hostPortKeys() {
        return task.hostPorts().stream()
                .flatMap(port -> HostPortKey.of(port).stream())
                .toList();
    }

    void writeTo(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(FORMAT);
        out.writeUTF(task.taskId());
        out.writeUTF(task.hostname());
        out.writeBoolean(task.gateway());
        out.writeUTF(outside.map(Cidr::toString).orElse(""));
        out.writeInt(task.attachments().size());
        for (TaskNetwork.Attachment attachment : task.attachments()) {
            out.writeUTF(attachment.networkId());
            out.writeUTF(attachment.addressCidr());
            write(out, attachment.aliases());
        }
        out.writeInt(task.hostPorts().size());
        for (TaskNetwork.HostPort port : task.hostPorts()) {
            out.writeUTF(port.protocol());
            out.writeInt(port.publishedPort());
            out.writeInt(port.targetPort());
        }
        TaskNetwork.Names names = task.names();
        for (List<String> each : List.of(names.servers(), names.search(), names.options(), names.extraHosts())) {
            write(out, each);
        }
        write(out, wires.stream().map(Wire::networkId).toList());
        write(out, task.hostPorts().stream().map(TaskNetwork.HostPort::address).toList());
        for (Wire wire : wires) {
            write(out, written(wire));
        }
        Path whole = file.resolveSibling(file.getFileName() + ".new");
        Files.write(whole, bytes.toByteArray());
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static TaskPlan readFrom(Path file) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (in.readByte() != FORMAT) {
            throw new IOException("written by another version: " + file);
        }
        String id = in.readUTF();
        String hostname = in.readUTF();
        boolean gateway = in.readBoolean();
        String outside = in.readUTF();
        List<TaskNetwork.Attachment> attachments = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            attachments.add(new TaskNetwork.Attachment(in.readUTF(), in.readUTF(), readList(in)));
        }
        List<TaskNetwork.HostPort> ports = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            ports.add(new TaskNetwork.HostPort(in.readUTF(), in.readInt(), in.readInt()));
        }
        TaskNetwork.Names names = new TaskNetwork.Names(readList(in), readList(in), readList(in), readList(in));
        List<String> wired = readList(in);
        // Of a daemon before this one the file ends here.
        List<String> addresses = in.available() > 0 ? readList(in) : List.of();
        for (int i = 0; i < addresses.size(); i++) {
            TaskNetwork.HostPort port = ports.get(i);
            ports.set(
                    i,
                    new TaskNetwork.HostPort(
                            port.protocol(), port.publishedPort(), port.targetPort(), addresses.get(i)));
        }
        List<Wire> wires = new ArrayList<>();
        for (String networkId : wired) {
            List<String> more = in.available() > 0 ? readList(in) : List.of();
            for (int i = 0; i < attachments.size(); i++) {
                TaskNetwork.Attachment each = attachments.get(i);
                if (each.networkId().equals(networkId)) {
                    Wire wire = readWire(each, "eth" + wires.size(), more);
                    wires.add(wire);
                    attachments.set(
                            i,
                            new TaskNetwork.Attachment(
                                    networkId,
                                    each.addressCidr(),
                                    each.aliases(),
                                    texts(wire.further()),
                                    texts(wire.reach())));
                }
            }
        }
        TaskNetwork task = new TaskNetwork(id, hostname, attachments, ports, gateway, names);
        return new TaskPlan(task, wires, outside.isEmpty() ? Optional.empty() : Optional.of(Cidr.of(outside)));
    }

    /// Device, name of the bridge or nothing, further addresses, what is reached, and a bridge's gateways, told
    /// apart by how they are written.
    private static List<String> written(Wire wire) {
        List<String> words = new ArrayList<>(List.of(wire.device()));
        words.add(wire.bridged().map(Bridged::networkName).orElse(""));
        words.addAll(texts(wire.further()));
        wire.reach().forEach(subnet -> words.add(REACHED + subnet));
        wire.bridged().ifPresent(bridged -> bridged.gateways().forEach(hop -> words.add(Cidr.shown(hop))));
        return words;
    }

    private static List<String> texts(List<Cidr> cidrs) {
        return cidrs.stream().map(Cidr::toString).toList();
    }

    private static List<Cidr> cidrs(Stream<String> texts) {
        return texts.map(Cidr::of).toList();
    }

    /// @param more nothing, as a daemon before this one left it, or what [#written] gave
    private static Wire readWire(TaskNetwork.Attachment attachment, String device, List<String> more) {
        List<String> rest = more.size() < 2 ? List.of() : more.subList(2, more.size());
        boolean isBridged = more.size() >= 2 && !more.get(1).isEmpty();
        List<InetAddress> gateways = rest.stream()
                .filter(word -> !word.contains("/"))
                .map(InetAddress::ofLiteral)
                .toList();
        return new Wire(
                attachment.networkId(),
                more.isEmpty() ? device : more.getFirst(),
                Cidr.of(attachment.addressCidr()),
                cidrs(rest.stream().filter(word -> word.contains("/") && !word.startsWith(REACHED))),
                cidrs(rest.stream()
                        .filter(word -> word.startsWith(REACHED))
                        .map(word -> word.substring(REACHED.length()))),
                isBridged ? Optional.of(new Bridged(more.get(1), gateways)) : Optional.empty());
    }

    private static void write(DataOutputStream out, List<String> texts) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    private static List<String> readList(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
