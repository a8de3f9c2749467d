package io.panal.node.kernel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A netlink socket: requests in, the kernel's verdict out. It stays in the namespace in which it was opened.
///
/// The kernel works while `send` runs, so its answers are there when it returns: nothing here waits. One user at a
/// time; the methods lock.
public final class Netlink implements Closeable {
    private static final int ROUTE = 0;
    private static final int NETFILTER = 12;

    private static final int ACKNOWLEDGE = 4;
    private static final int DUMP = 0x300;
    private static final int TYPE_ERROR = 2;
    private static final int TYPE_DONE = 3;
    private static final int ERROR_TEXT = 1;

    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SOL_NETLINK = 270;
    private static final int CAP_ACK = 10;
    private static final int EXTENDED_ACK = 11;

    private static final int SEND_BUFFER_BYTES = 16 << 20;
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;
    private static final int RECEIVE_BYTES = 64 << 10;

    private final int descriptor;
    private int sequence = 1;
    private int batches;
    private boolean closed;

    private Netlink(int descriptor) {
        this.descriptor = descriptor;
    }

    /// For links, addresses, routes, rules and neighbours of a namespace.
    public static Netlink route(NetworkNamespace namespace) throws IOException {
        return namespace.enter(Netlink::routeHere);
    }

    /// For nf_tables and conntrack of a namespace.
    public static Netlink netfilter(NetworkNamespace namespace) throws IOException {
        return namespace.enter(Netlink::netfilterHere);
    }

    /// As [#route], in the calling thread's namespace.
    public static Netlink routeHere() throws IOException {
        return open(ROUTE);
    }

    /// As [#netfilter], in the calling thread's namespace.
    public static Netlink netfilterHere() throws IOException {
        return open(NETFILTER);
    }

    private static Netlink open(int protocol) throws IOException {
        int descriptor = SystemCalls.netlinkSocket(protocol);
        SystemCalls.setOption(descriptor, SOL_NETLINK, CAP_ACK, 1);
        SystemCalls.setOption(descriptor, SOL_NETLINK, EXTENDED_ACK, 1);
        SystemCalls.setOption(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, SEND_BUFFER_BYTES);
        SystemCalls.setOption(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER_BYTES);
        return new Netlink(descriptor);
    }

    /// Sends requests in one system call; the kernel takes them in order and goes on after a failure.
    ///
    /// @throws KernelException the first failure that its message does not accept
    public synchronized void send(List<NetlinkMessage> messages) throws IOException {
        if (!messages.isEmpty()) {
            transmit(messages, messages.size() - 1, 0);
            settle(messages, List.of());
        }
    }

    public void send(NetlinkMessage... messages) throws IOException {
        send(List.of(messages));
    }

    /// Sends a batch whose first and last message are its brackets, which the kernel does not acknowledge.
    synchronized void sendBracketed(List<NetlinkMessage> messages) throws IOException {
        transmit(messages, messages.size() - 2, 0);
        settle(messages, List.of());
        batches++;
    }

    /// How many batches were carried out for this socket.
    public synchronized int batches() {
        return batches;
    }

    /// All that matches a request.
    public List<NetlinkReply> dump(NetlinkMessage request) throws IOException {
        return replies(request, DUMP);
    }

    /// The one object that a request names; none when the request accepts that.
    public List<NetlinkReply> ask(NetlinkMessage request) throws IOException {
        return replies(request, 0);
    }

    private synchronized List<NetlinkReply> replies(NetlinkMessage request, int flags) throws IOException {
        List<NetlinkReply> replies = new ArrayList<>();
        transmit(List.of(request), -1, flags);
        settle(List.of(request), replies);
        return replies;
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            SystemCalls.close(descriptor);
        }
    }

    private void transmit(List<NetlinkMessage> messages, int acknowledged, int moreFlags) throws IOException {
        if (closed) {
            throw new IOException("the netlink socket is closed");
        }
        int length = messages.stream().mapToInt(NetlinkMessage::length).sum();
        ByteBuffer all = ByteBuffer.allocate(length);
        for (int i = 0; i < messages.size(); i++) {
            messages.get(i).copyTo(all, sequence + i, i == acknowledged ? ACKNOWLEDGE : moreFlags);
        }
        SystemCalls.send(descriptor, all.array());
    }

    private void settle(List<NetlinkMessage> messages, List<NetlinkReply> replies) throws IOException {
        int first = sequence;
        sequence += messages.size();
        Optional<KernelException> failure = Optional.empty();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(RECEIVE_BYTES, 8);
            MemorySegment state = SystemCalls.state(arena);
            for (int length = SystemCalls.receiveNow(descriptor, memory, state);
                    length >= 0;
                    length = SystemCalls.receiveNow(descriptor, memory, state)) {
                ByteBuffer datagram = ByteBuffer.wrap(
                                memory.asSlice(0, length).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE))
                        .order(ByteOrder.nativeOrder());
                Optional<KernelException> found = read(datagram, messages, first, replies);
                failure = failure.or(() -> found);
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private static Optional<KernelException> read(
            ByteBuffer datagram, List<NetlinkMessage> messages, int first, List<NetlinkReply> replies) {
        Optional<KernelException> failure = Optional.empty();
        int offset = 0;
        while (offset + NetlinkMessage.HEADER_BYTES <= datagram.limit()) {
            int length = datagram.getInt(offset);
            int type = Short.toUnsignedInt(datagram.getShort(offset + 4));
            int index = datagram.getInt(offset + 8) - first;
            if (length < NetlinkMessage.HEADER_BYTES) {
                break;
            }
            ByteBuffer body = datagram.slice(offset + NetlinkMessage.HEADER_BYTES, length - NetlinkMessage.HEADER_BYTES)
                    .order(ByteOrder.nativeOrder());
            if (type == TYPE_ERROR) {
                Optional<KernelException> found = failureOf(body, index, messages);
                failure = failure.or(() -> found);
            } else if (type != TYPE_DONE) {
                replies.add(new NetlinkReply(type, body));
            }
            offset += (length + 3) & ~3;
        }
        return failure;
    }

    private static Optional<KernelException> failureOf(ByteBuffer body, int index, List<NetlinkMessage> messages) {
        int error = -body.getInt(0);
        if (error == 0) {
            return Optional.empty();
        }
        if (index < 0 || index >= messages.size()) {
            return Optional.of(new KernelException("netlink", error));
        }
        NetlinkMessage message = messages.get(index);
        if (message.accepts(error)) {
            return Optional.empty();
        }
        String text = body.limit() <= 20
                ? ""
                : NetlinkReply.Attributes.of(body.slice(20, body.limit() - 20))
                        .text(ERROR_TEXT)
                        .orElse("");
        return Optional.of(new KernelException(message.what(), error, text));
    }
}
