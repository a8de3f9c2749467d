package io.panal.node.dataplane;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A task's network with what was chosen for it here, written down so that the next daemon knows it.
///
/// The file lives beside the namespaces, in a directory that a reboot empties as it ends them.
///
/// @param wires its overlays in the order of its interfaces, the ingress network first
/// @param outside its address on the gateway bridge, if it has one
record TaskPlan(TaskNetwork task, List<Wire> wires, Optional<Cidr> outside) {
    static final String PORT_PREFIX = "t-";
    private static final int FORMAT = 1;
    private static final int PORT_NAME_ID_CHARACTERS = 13;

    TaskPlan {
        wires = List.copyOf(wires);
    }

    /// @param device `eth0` and so on
    record Wire(String networkId, String device, Cidr address) {}

    /// Interfaces are numbered in the order given, the ingress network first.
    static TaskPlan of(TaskNetwork task, Optional<String> ingressId, Optional<Cidr> outside) {
        Stream<TaskNetwork.Attachment> first =
                task.attachments().stream().filter(each -> ingressId.equals(Optional.of(each.networkId())));
        Stream<TaskNetwork.Attachment> rest =
                task.attachments().stream().filter(each -> !ingressId.equals(Optional.of(each.networkId())));
        List<Wire> wires = new ArrayList<>();
        for (TaskNetwork.Attachment attachment : Stream.concat(first, rest).toList()) {
            wires.add(new Wire(attachment.networkId(), "eth" + wires.size(), Cidr.of(attachment.addressCidr())));
        }
        return new TaskPlan(task, wires, outside);
    }

    boolean isIpv4Only() {
        return wires.stream().map(Wire::address).map(Cidr::address).allMatch(Inet4Address.class::isInstance);
    }

    /// The near end's name of the task's cables: one in each overlay's namespace, one at the gateway bridge.
    String port() {
        String taskId = task.taskId();
        return PORT_PREFIX + taskId.substring(0, Math.min(PORT_NAME_ID_CHARACTERS, taskId.length()));
    }

    /// As [Difference] names it.
    String owner() {
        return "task " + task.taskId();
    }

    String outsideDevice() {
        return "eth" + wires.size();
    }

    Optional<Wire> wireIn(String networkId) {
        return wires.stream().filter(wire -> wire.networkId().equals(networkId)).findFirst();
    }

    /// The address that a port of this node alone is redirected to: where its answers leave by.
    Optional<InetAddress> hostPortAddress() {
        return outside.map(Cidr::address)
                .or(() -> wires.stream().map(wire -> wire.address().address()).findFirst());
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
        TaskNetwork task = new TaskNetwork(id, hostname, attachments, ports, gateway, names);
        List<Wire> wires = new ArrayList<>();
        for (String networkId : wired) {
            attachments.stream()
                    .filter(each -> each.networkId().equals(networkId))
                    .findFirst()
                    .ifPresent(
                            each -> wires.add(new Wire(networkId, "eth" + wires.size(), Cidr.of(each.addressCidr()))));
        }
        return new TaskPlan(task, wires, outside.isEmpty() ? Optional.empty() : Optional.of(Cidr.of(outside)));
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
