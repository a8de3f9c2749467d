package io.panal.node.link;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.panal.node.consensus.Consensus;
import io.panal.node.consensus.Introduction;
import io.panal.node.consensus.Member;
import io.panal.node.identity.Identity;
import io.panal.node.time.Deadline;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// A manager's calls to other managers. A channel per address is kept and made again when the identity changes.
public final class ManagerLinks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ManagerLinks.class.getName());
    private static final Duration CALL_LIMIT = Duration.ofSeconds(10);
    private static final Duration JOIN_CALL_LIMIT = Duration.ofSeconds(70);
    private static final Duration CONNECT_LOOK = Duration.ofMillis(300);
    private static final Duration UNREACHED = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration ANNOUNCE_RETRY_MAX = Duration.ofSeconds(30);

    private final Identity identity;
    private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
    private final Set<Forward> forwards = ConcurrentHashMap.newKeySet();
    private final Runnable renewed = this::drop;
    private volatile boolean closed;

    public ManagerLinks(Identity identity) {
        this.identity = identity;
        identity.watch(renewed);
    }

    /// Passes a request on to the leader.
    ///
    /// @param leader its `host:port`
    /// @param limit how long to wait for the answer; the leader is told
    /// @return empty when nobody looked at the request, since that manager does not lead or cannot be reached: ask
    ///     for the leader again and repeat
    /// @throws IOException when there was no answer: the request may have been carried out
    public Optional<byte[]> forward(String leader, byte[] request, Duration limit)
            throws IOException, InterruptedException {
        ManagedChannel channel = channel(leader);
        switch (Dialing.connected(channel, limit.compareTo(CONNECT_LOOK) < 0 ? limit : CONNECT_LOOK)) {
            case YES -> {}
            // The leader may be another by now.
            case NOT_YET -> {
                return Optional.empty();
            }
            case NO -> {
                drop(leader, channel);
                Thread.sleep(UNREACHED);
                return Optional.empty();
            }
        }
        var forward = new Forward(leader, Context.ROOT.withCancellation());
        forwards.add(forward);
        Context former = forward.context().attach();
        try {
            return Dialing.forwarded(call(leader, Wire.FORWARD, request, limit));
        } finally {
            forward.context().detach(former);
            forwards.remove(forward);
            forward.context().close();
        }
    }

    /// Another manager leads now: nobody waits for the answer of a former leader any longer.
    public void leaderIs(String leader) {
        for (Forward forward : forwards) {
            if (!forward.leader().equals(leader)) {
                boolean _ = forward.context().cancel(new IOException("the lead has gone to " + leader));
            }
        }
    }

    private record Forward(String leader, Context.CancellableContext context) {}

    /// Asks a manager for what must be known before [Consensus#join].
    ///
    /// @throws IOException when it refuses or cannot be reached within the limit; the message is for the user
    public Introduction introduce(String manager, Duration limit) throws IOException, InterruptedException {
        String granted = ask(manager, Wire.INTRODUCE, new byte[0], limit).chain();
        return Introduction.decode(Base64.getDecoder().decode(granted));
    }

    /// Asks the leader, wherever it is, to add this node's opened membership.
    ///
    /// @throws IOException when it is refused or has not come about within the limit; the message is for the user
    public void join(String manager, Member self, Duration limit) throws IOException, InterruptedException {
        byte[] request = Wire.bytes(out -> {
            Wire.writeText(out, self.id());
            Wire.writeText(out, self.address());
        });
        ask(manager, Wire.JOIN, request, limit);
    }

    private Issue.Granted ask(String manager, String name, byte[] request, Duration limit)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.after(limit);
        String address = manager;
        String why;
        do {
            try {
                switch (Issue.decode(call(address, name, request, JOIN_CALL_LIMIT))) {
                    case Issue.Granted granted -> {
                        return granted;
                    }
                    case Issue.Refused(String reason) -> throw new Refusal(reason);
                    case Issue.Elsewhere(String leader) -> {
                        why = "the leader is " + leader;
                        address = leader;
                    }
                    case Issue.Later(String reason) -> {
                        why = reason;
                        address = manager;
                    }
                }
            } catch (Refusal e) {
                throw e;
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
                address = manager;
            }
            Thread.sleep(RETRY);
        } while (!deadline.isOver());
        throw new IOException(why);
    }

    /// A manager's no, which no repetition changes.
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        Refusal(String why) {
            super(why);
        }
    }

    /// Tells every member where this one answers, until each has heard it; learns their addresses on the way.
    ///
    /// On a virtual thread of its own; ends by itself, or when these links are closed.
    ///
    /// @param outcast runs when one says that the swarm was begun anew without this manager
    public void announce(Consensus consensus, Runnable outcast) {
        Thread.ofVirtual().name("announce").start(() -> {
            Set<String> told = new TreeSet<>();
            Duration pause = RETRY;
            while (!closed && !announced(consensus, told, outcast)) {
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException _) {
                    return;
                }
                pause = pause.compareTo(ANNOUNCE_RETRY_MAX) < 0 ? pause.multipliedBy(2) : pause;
            }
        });
    }

    /// Asks the members that this one knows who the members are, once, on a virtual thread of its own.
    ///
    /// @param outcast as for [#announce]
    public void inquire(Consensus consensus, Runnable outcast) {
        Thread.ofVirtual().name("inquire").start(() -> {
            for (Member other : consensus.members()) {
                if (closed || other.nodeId().equals(consensus.self().nodeId())) {
                    continue;
                }
                try {
                    if (announced(consensus, other.nodeId(), other.address(), outcast)) {
                        return;
                    }
                } catch (IOException e) {
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            () -> "member not asked node=%s why=%s".formatted(other.nodeId(), e.getMessage()));
                }
            }
        });
    }

    private boolean announced(Consensus consensus, Set<String> told, Runnable outcast) {
        Member self = consensus.self();
        told.add(self.nodeId());
        // Former members as well: they may not know yet that the swarm was begun anew without them.
        var others = consensus.addresses();
        for (var other : others.entrySet()) {
            if (!told.contains(other.getKey())) {
                try {
                    if (announced(consensus, other.getKey(), other.getValue(), outcast)) {
                        return true;
                    }
                    told.add(other.getKey());
                } catch (IOException e) {
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            () -> "address not announced to=%s why=%s".formatted(other.getKey(), e.getMessage()));
                }
            }
        }
        return told.containsAll(others.keySet());
    }

    /// @return whether this manager was told that it is none any more
    private boolean announced(Consensus consensus, String nodeId, String address, Runnable outcast) throws IOException {
        Member self = consensus.self();
        byte[] announcement = Wire.bytes(out -> {
            Wire.writeText(out, self.address());
            out.writeLong(consensus.generation());
        });
        DataInputStream in = Wire.reader(call(address, Wire.ANNOUNCE, announcement, CALL_LIMIT));
        if (in.readLong() > consensus.generation()) {
            outcast.run();
            return true;
        }
        addresses(in).forEach((node, known) -> {
            if (!node.equals(self.nodeId())) {
                consensus.learnAddress(node, known);
            }
        });
        Wire.readMembership(in).ifPresent(said -> consensus.hear(nodeId, said));
        return false;
    }

    private static Map<String, String> addresses(DataInputStream in) throws IOException {
        int count = in.readInt();
        var addresses = new HashMap<String, String>();
        for (int i = 0; i < count; i++) {
            addresses.put(Wire.readText(in), Wire.readText(in));
        }
        return addresses;
    }

    // A channel that failed would wait longer and longer before it dials again: the next call has a new one.
    private byte[] call(String address, String name, byte[] request, Duration limit) throws IOException {
        ManagedChannel channel = channel(address);
        try {
            return Dialing.call(channel, name, request, limit);
        } catch (IOException e) {
            if (Status.fromThrowable(e).getCode() == Status.Code.UNAVAILABLE) {
                drop(address, channel);
            }
            throw e;
        }
    }

    private void drop(String address, ManagedChannel channel) {
        if (channels.remove(address, channel)) {
            channel.shutdown();
        }
    }

    private ManagedChannel channel(String address) throws IOException {
        if (closed) {
            throw new IOException("the node stops");
        }
        return channels.computeIfAbsent(address, where -> Dialing.channel(where, identity));
    }

    private void drop() {
        for (String address : List.copyOf(channels.keySet())) {
            ManagedChannel channel = channels.remove(address);
            if (channel != null) {
                channel.shutdown();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        identity.unwatch(renewed);
        drop();
    }
}
