package io.panal.node.networks;

import io.panal.core.agent.Downward;
import io.panal.core.agent.NetworkOrders;
import io.panal.core.agent.Upward;
import io.panal.core.model.Guest;
import io.panal.core.model.Id;
import io.panal.core.model.Network;
import io.panal.node.dataplane.Cidr;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.TaskNetwork;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// This host's own containers on networks of the swarm. The leader gives them addresses; the orders that follow tell
/// these and carry the network here.
///
/// What the orders say is compared with who is attached each time they come: leases of whoever is gone are given back,
/// and who is attached without one asks for it again.
public final class Guests {
    private static final Logger LOG = System.getLogger(Guests.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Optional<Dataplane> dataplane;
    private final LocalNetworks local;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("guests").daemon().factory());
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private boolean entering = true;
    private Optional<Leader> leader = Optional.empty();
    private NetworkOrders orders = NetworkOrders.NONE;
    private boolean ordered;
    /// Not answered yet; said again in each new session.
    private final Map<Id<Guest>, Upward.Hosts> asked = new LinkedHashMap<>();
    private final Map<Id<Guest>, Downward.Hosted> answers = new HashMap<>();
    /// Containers that are being put on networks, each as often as that is done at once.
    private final List<String> arriving = new ArrayList<>();

    /// The way to the swarm's leader, whichever node that is.
    public interface Leader {
        Id<Guest> freshId();

        /// Lost while no session is open.
        void say(Upward word);
    }

    /// A container's place in a network of the swarm.
    ///
    /// @param addresses with prefix lengths, that of IPv4 first
    /// @param reach other subnets of the network
    public record Lease(
            String networkId, String network, boolean internal, List<String> addresses, List<String> reach) {
        public Lease {
            addresses = List.copyOf(addresses);
            reach = List.copyOf(reach);
        }
    }

    private record Key(String owner, String networkId) {}

    private Guests(Optional<Dataplane> dataplane, LocalNetworks local) {
        this.dataplane = dataplane;
        this.local = local;
    }

    public Guests(Dataplane dataplane, LocalNetworks local) {
        this(Optional.of(dataplane), local);
    }

    /// Of a host without a data plane: nobody can be on any.
    public static Guests none(LocalNetworks local) {
        return new Guests(Optional.empty(), local);
    }

    /// This node is in a swarm.
    public void entered(Leader way) {
        tell(() -> {
            leader = Optional.of(way);
            orders = NetworkOrders.NONE;
            ordered = false;
        });
    }

    /// It is known whether this node goes on in a swarm: until then who asks has to wait.
    public void settled() {
        tell(() -> entering = false);
    }

    /// This node is in no swarm any more, or the daemon ends.
    public void left() {
        tell(() -> {
            leader = Optional.empty();
            orders = NetworkOrders.NONE;
            ordered = false;
        });
    }

    /// A session is open: what was said in the one before may be lost.
    public void greeted() {
        tell(() -> leader.ifPresent(way -> asked.values().forEach(way::say)));
    }

    public void answered(Downward.Hosted answer) {
        tell(() -> {
            if (asked.remove(answer.guest()) != null) {
                answers.put(answer.guest(), answer);
            }
        });
    }

    public void ordered(NetworkOrders next) {
        tell(() -> {
            orders = next;
            ordered = true;
        });
        thread.execute(this::compare);
    }

    private void tell(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The networks that this node takes part in now.
    public List<NetworkOrders.Overlay> networks() {
        lock.lock();
        try {
            return orders.overlays();
        } finally {
            lock.unlock();
        }
    }

    /// Those that containers of no service are on here.
    public List<Network> visited() {
        lock.lock();
        try {
            return orders.visited();
        } finally {
            lock.unlock();
        }
    }

    /// One of all, by its name or id.
    public Optional<NetworkOrders.Overlay> network(String text) {
        return networks().stream()
                .filter(overlay ->
                        overlay.name().equals(text) || overlay.id().value().equals(text))
                .findFirst();
    }

    /// Gets a container its addresses in a network, and waits until the network is here. [#arrived] is to follow.
    ///
    /// @param owner what its network is called here
    /// @param network name or id
    /// @param names that it is found by, its own first
    /// @throws NetworkRefused with the reason for the user
    public Lease lease(String owner, String network, AddressWish wish, List<String> names) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Lease lease;
        lock.lock();
        try {
            arriving.add(owner);
            lease = leased(owner, network, wish, names, deadline);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("context canceled");
        } finally {
            lock.unlock();
        }
        Dataplane plane = dataplane.orElseThrow();
        if (!plane.awaitOverlay(lease.networkId(), Duration.ofNanos(deadline - System.nanoTime()))) {
            throw late(network);
        }
        return lease;
    }

    private Lease leased(String owner, String network, AddressWish wish, List<String> names, long deadline)
            throws IOException, InterruptedException {
        var _ = await(() -> !entering, deadline);
        Optional<Lease> has = held(owner, network, names);
        if (has.isPresent()) {
            return has.get();
        }
        if (leader.isEmpty() || dataplane.isEmpty()) {
            throw missing(network);
        }
        Id<Guest> id = leader.get().freshId();
        Upward.Hosts word = new Upward.Hosts(id, owner, network, names, wish.ipv4());
        asked.put(id, word);
        leader.get().say(word);
        try {
            var _ = await(() -> !asked.containsKey(id), deadline);
            Downward.Hosted answer = answers.remove(id);
            if (answer == null) {
                throw late(network);
            }
            refuse(answer);
            var _ = await(() -> held(id).isPresent(), deadline);
            return held(id).orElseThrow(() -> late(network));
        } finally {
            asked.remove(id);
        }
    }

    /// @return false when the time is over
    private boolean await(BooleanSupplier isSo, long deadline) throws InterruptedException {
        while (!isSo.getAsBoolean()) {
            if (news.awaitNanos(deadline - System.nanoTime()) <= 0) {
                return isSo.getAsBoolean();
            }
        }
        return true;
    }

    private static NetworkRefused missing(String network) {
        return new NetworkRefused(NetworkRefused.Reason.MISSING, "network %s not found".formatted(network));
    }

    private static NetworkRefused late(String network) {
        return new NetworkRefused(
                NetworkRefused.Reason.FAILED,
                "Could not attach to network %s: no manager of the swarm has answered within %d s; try again"
                        .formatted(network, PATIENCE.toSeconds()));
    }

    private static void refuse(Downward.Hosted answer) throws NetworkRefused {
        NetworkRefused.Reason reason = switch (answer.status()) {
            case 200 -> NetworkRefused.Reason.CONFLICT;
            case 400 -> NetworkRefused.Reason.INVALID;
            case 403 -> NetworkRefused.Reason.FORBIDDEN;
            case 404 -> NetworkRefused.Reason.MISSING;
            default -> NetworkRefused.Reason.FAILED;
        };
        if (answer.status() != 200) {
            throw new NetworkRefused(reason, answer.why());
        }
    }

    private Optional<Lease> held(Id<Guest> id) {
        return orders.guests().stream()
                .filter(guest -> guest.id().equals(id))
                .findFirst()
                .flatMap(this::lease);
    }

    private Optional<Lease> held(String owner, String network, List<String> names) {
        return orders.guests().stream()
                .filter(guest -> guest.container().equals(owner)
                        && guest.attachment().aliases().equals(names))
                .flatMap(guest -> lease(guest).stream())
                .filter(lease ->
                        lease.network().equals(network) || lease.networkId().equals(network))
                .findFirst();
    }

    private Optional<Lease> lease(Guest guest) {
        List<String> addresses = guest.attachment().addresses();
        return orders.overlays().stream()
                .filter(overlay -> overlay.id().equals(guest.network()))
                .findFirst()
                .map(overlay -> new Lease(
                        overlay.id().value(),
                        overlay.name(),
                        overlay.internal(),
                        addresses,
                        others(addresses.getFirst(), overlay)));
    }

    /// The subnets of a network that an address of it is not in.
    private static List<String> others(String addressCidr, NetworkOrders.Overlay overlay) {
        Cidr own = Cidr.of(addressCidr).network();
        return overlay.subnets().stream()
                .map(Network.Subnet::subnet)
                .map(Cidr::of)
                .filter(subnet -> !subnet.isIpv6() && !subnet.equals(own))
                .map(Cidr::toString)
                .toList();
    }

    /// What [#lease] was asked for is attached, or will not be: from now on the kernel tells.
    public void arrived(String owner) {
        tell(() -> arriving.remove(owner));
    }

    /// Gives back what a container has in other networks of the swarm than these.
    public void release(String owner, Set<String> keptNetworks) {
        tell(() -> drop(orders.guests().stream()
                .filter(guest -> guest.container().equals(owner)
                        && !keptNetworks.contains(guest.network().value()))
                .map(Guest::id)
                .toList()));
    }

    private void drop(List<Id<Guest>> ids) {
        if (!ids.isEmpty()) {
            leader.ifPresent(way -> way.say(new Upward.Drops(ids)));
        }
    }

    /// What is attached and has no lease; leases of what is not attached are given back.
    private void compare() {
        if (dataplane.isEmpty()) {
            return;
        }
        List<Guest> known = new ArrayList<>();
        lock.lock();
        try {
            orders.guests().stream()
                    .filter(guest -> !arriving.contains(guest.container()))
                    .forEach(known::add);
        } finally {
            lock.unlock();
        }
        Map<Key, TaskNetwork.Attachment> here = attached(dataplane.get());
        tell(() -> drop(known.stream()
                .filter(guest -> !here.containsKey(
                        new Key(guest.container(), guest.network().value())))
                .map(Guest::id)
                .toList()));
        here.forEach((key, attachment) -> {
            if (isWithoutLease(key)) {
                askAgain(key, attachment, dataplane.get());
            }
        });
    }

    private Map<Key, TaskNetwork.Attachment> attached(Dataplane plane) {
        Map<Key, TaskNetwork.Attachment> here = new LinkedHashMap<>();
        for (TaskNetwork task : plane.tasks()) {
            for (TaskNetwork.Attachment attachment : task.attachments()) {
                if (task.isPlain() && !local.isLocal(attachment.networkId())) {
                    here.put(new Key(task.taskId(), attachment.networkId()), attachment);
                }
            }
        }
        return here;
    }

    private boolean isWithoutLease(Key key) {
        lock.lock();
        try {
            return ordered
                    && !arriving.contains(key.owner())
                    && orders.guests().stream()
                            .noneMatch(guest -> guest.container().equals(key.owner())
                                    && guest.network().value().equals(key.networkId()));
        } finally {
            lock.unlock();
        }
    }

    /// Its lease ended while this node was away for long. It keeps its address if nobody else has it by now.
    private void askAgain(Key key, TaskNetwork.Attachment attachment, Dataplane plane) {
        String address = Cidr.shown(Cidr.of(attachment.addressCidr()).address());
        try {
            Lease lease =
                    lease(key.owner(), key.networkId(), new AddressWish(address, "", List.of()), attachment.aliases());
            LOG.log(Level.INFO, () -> "lease renewed owner=%s network=%s".formatted(key.owner(), lease.network()));
        } catch (NetworkRefused refused) {
            LOG.log(
                    Level.WARNING,
                    () -> "container taken off a network owner=%s network=%s reason=%s"
                            .formatted(key.owner(), key.networkId(), refused.getMessage()));
            if (refused.reason() != NetworkRefused.Reason.FAILED) {
                cut(key, plane);
            }
        } catch (IOException failed) {
            LOG.log(Level.WARNING, "lease not renewed owner=" + key.owner(), failed);
        } finally {
            arrived(key.owner());
        }
    }

    private static void cut(Key key, Dataplane plane) {
        for (TaskNetwork task : plane.tasks()) {
            if (task.taskId().equals(key.owner())) {
                try {
                    var _ = plane.attach(task.without(Set.of(key.networkId())));
                } catch (IOException failed) {
                    LOG.log(Level.WARNING, "container not taken off a network owner=" + key.owner(), failed);
                }
            }
        }
    }
}
