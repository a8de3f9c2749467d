package io.panal.node.networks;

import io.panal.core.codec.Codec;
import io.panal.node.dataplane.Bridge;
import io.panal.node.dataplane.Cidr;
import io.panal.node.dataplane.Dataplane;
import io.panal.node.dataplane.TaskNetwork;
import io.panal.node.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The bridge networks of this host: kept on disk, a file for each, and made in the kernel.
///
/// Safe for any number of threads. The default network is made when the first other one or the first container on it
/// is.
public final class LocalNetworks {
    private static final int ID_BYTES = 32;
    private static final int SHORT_ID = 12;
    private static final String DEFAULT_DEVICE = "docker0";

    private final Path directory;
    private final Optional<Dataplane> dataplane;
    private final SecureRandom random = new SecureRandom();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, LocalNetwork> networks = new LinkedHashMap<>();
    private final Leases leases = new Leases();

    private LocalNetworks(Path directory, Optional<Dataplane> dataplane) {
        this.directory = directory;
        this.dataplane = dataplane;
    }

    /// Takes the networks of a directory over, and whoever is on them now.
    public static LocalNetworks open(Path directory, Dataplane dataplane) throws IOException {
        LocalNetworks opened = new LocalNetworks(directory, Optional.of(dataplane));
        opened.load();
        for (TaskNetwork task : dataplane.tasks()) {
            for (TaskNetwork.Attachment attachment : task.attachments()) {
                if (opened.networks.containsKey(attachment.networkId())) {
                    opened.leases.keep(
                            task.taskId(),
                            attachment.networkId(),
                            Stream.concat(Stream.of(attachment.addressCidr()), attachment.further().stream())
                                    .map(Cidr::of)
                                    .toList());
                }
            }
        }
        opened.match();
        return opened;
    }

    /// Of a host without a data plane: they can be made and looked at.
    public static LocalNetworks unplugged(Path directory) throws IOException {
        LocalNetworks opened = new LocalNetworks(directory, Optional.empty());
        opened.load();
        return opened;
    }

    private void load() throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<LocalNetwork> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                Optional<byte[]> bytes = new DurableFile(file).load();
                if (bytes.isPresent()) {
                    found.add(Codec.JSON.read(bytes.get(), LocalNetwork.class));
                }
            }
        }
        found.sort(Comparator.comparing(LocalNetwork::createdAt).thenComparing(LocalNetwork::id));
        found.forEach(network -> networks.put(network.id(), network));
    }

    private DurableFile file(String id) {
        return new DurableFile(directory.resolve(id + ".json"));
    }

    private List<String> match() throws IOException {
        List<Bridge> wanted = new ArrayList<>();
        for (LocalNetwork network : networks.values()) {
            wanted.add(network.bridge());
        }
        return dataplane.isPresent() ? dataplane.get().matchBridges(wanted) : List.of();
    }

    /// The default one first, then by age.
    public List<LocalNetwork> list() {
        lock.lock();
        try {
            return networks.values().stream()
                    .sorted(Comparator.comparing(network -> !network.isDefault()))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it is one of this host, by its whole id.
    public boolean isLocal(String id) {
        return list().stream().anyMatch(network -> network.id().equals(id));
    }

    /// By its whole name, its id, or the beginning of one.
    public Optional<LocalNetwork> find(String text) {
        List<LocalNetwork> all = list();
        return all.stream()
                .filter(network -> network.name().equals(text) || network.id().equals(text))
                .findFirst()
                .or(() -> {
                    List<LocalNetwork> begun = all.stream()
                            .filter(network -> !text.isEmpty() && network.id().startsWith(text))
                            .toList();
                    return begun.size() == 1 ? Optional.of(begun.getFirst()) : Optional.empty();
                });
    }

    /// The one that containers are on whose user names none.
    public LocalNetwork defaultNetwork() throws IOException {
        lock.lock();
        try {
            Optional<LocalNetwork> there =
                    networks.values().stream().filter(LocalNetwork::isDefault).findFirst();
            return there.isPresent() ? there.get() : keep(defaultAsChosen());
        } finally {
            lock.unlock();
        }
    }

    private LocalNetwork defaultAsChosen() throws IOException {
        boolean others = dataplane.isPresent() && dataplane.get().isForeign(DEFAULT_DEVICE);
        String device = others ? "panal0" : DEFAULT_DEVICE;
        Map<String, String> options = Map.of(
                "com.docker.network.bridge.default_bridge",
                "true",
                BridgeOptions.ICC,
                "true",
                BridgeOptions.MASQUERADE,
                "true",
                BridgeOptions.BINDING,
                "0.0.0.0",
                BridgeOptions.NAME,
                device,
                BridgeOptions.MTU,
                "1500");
        var kind = new NetworkRequest.Kind(false, false, false);
        var request = new NetworkRequest(LocalNetwork.DEFAULT, options, Map.of(), kind, List.of());
        return decided(request, idOfBuiltIn(LocalNetwork.DEFAULT), device);
    }

    /// 64 digits, the same on each host and at each start.
    public static String idOfBuiltIn(String name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(("network " + name).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /// Makes a network.
    ///
    /// @throws NetworkRefused when it cannot be as asked
    public LocalNetwork create(NetworkRequest request) throws IOException {
        lock.lock();
        try {
            if (request.name().isBlank()) {
                throw NetworkRefused.invalid("invalid name: " + request.name());
            }
            BridgeOptions options = BridgeOptions.of(request.options());
            var _ = defaultNetwork();
            for (LocalNetwork other : networks.values()) {
                refuseLike(other, request, options);
            }
            byte[] bytes = new byte[ID_BYTES];
            random.nextBytes(bytes);
            String id = HexFormat.of().formatHex(bytes);
            String device = options.device().isEmpty() ? "br-" + id.substring(0, SHORT_ID) : options.device();
            return keep(decided(request, id, device));
        } finally {
            lock.unlock();
        }
    }

    private static void refuseLike(LocalNetwork other, NetworkRequest request, BridgeOptions options)
            throws NetworkRefused {
        if (other.name().equals(request.name())) {
            throw new NetworkRefused(
                    NetworkRefused.Reason.CONFLICT, "network with name %s already exists".formatted(request.name()));
        }
        if (other.device().equals(options.device())) {
            throw NetworkRefused.forbidden(
                    "cannot create network %s (%s): conflicts with network %s (%s): networks have same bridge name"
                            .formatted(request.name(), options.device(), other.id(), other.device()));
        }
    }

    private LocalNetwork decided(NetworkRequest request, String id, String device) throws IOException {
        List<Cidr> theirs = networks.values().stream()
                .flatMap(network -> network.subnets().stream())
                .map(LocalNetwork.Subnet::whole)
                .toList();
        List<Cidr> host = dataplane.isPresent() ? dataplane.get().inUse() : List.of();
        return new LocalNetwork(
                id,
                request.name(),
                Instant.now(),
                device,
                request.kind(),
                request.options(),
                request.labels(),
                new Subnets(theirs, host).choose(request, id));
    }

    /// On disk first: a daemon that ends in between makes the rest at its next start.
    private LocalNetwork keep(LocalNetwork network) throws IOException {
        file(network.id()).save(Codec.JSON.write(network));
        networks.put(network.id(), network);
        try {
            var _ = match();
            if (dataplane.isPresent()) {
                dataplane.get().requireBridge(network.id());
            }
            return network;
        } catch (IOException failed) {
            forget(network);
            throw new NetworkRefused(
                    NetworkRefused.Reason.FAILED,
                    "network %s was not made: %s".formatted(network.name(), failed.getMessage()));
        }
    }

    private void forget(LocalNetwork network) throws IOException {
        networks.remove(network.id());
        file(network.id()).remove();
        var _ = match();
    }

    /// Removes a network that nobody is on.
    ///
    /// @throws NetworkRefused when somebody is
    public void remove(LocalNetwork network) throws IOException {
        lock.lock();
        try {
            if (!leases.owners(network.id()).isEmpty()) {
                throw NetworkRefused.forbidden("error while removing network: network %s id %s has active endpoints"
                        .formatted(network.name(), network.id()));
            }
            forget(network);
        } finally {
            lock.unlock();
        }
    }

    /// Whether anybody is on a network now.
    public boolean isUsed(LocalNetwork network) {
        lock.lock();
        try {
            return !leases.owners(network.id()).isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// What an owner wants in a network.
    public record Wish(LocalNetwork network, AddressWish addresses) {}

    /// Gives an owner its addresses in these networks; what it has in others stays until [#releaseOthers].
    ///
    /// @return by the networks' ids, the first of each list of IPv4
    /// @throws NetworkRefused it has what it had before then
    public Map<String, List<Cidr>> lease(String owner, List<Wish> wishes) throws NetworkRefused {
        lock.lock();
        try {
            Set<String> ids = wishes.stream().map(wish -> wish.network().id()).collect(Collectors.toSet());
            Set<String> fresh =
                    ids.stream().filter(id -> leases.of(owner, id).isEmpty()).collect(Collectors.toSet());
            Map<String, List<Cidr>> given = new LinkedHashMap<>();
            try {
                for (Wish wish : wishes) {
                    wish.addresses().check(wish.network());
                    given.put(wish.network().id(), leases.give(owner, wish.network(), wish.addresses()));
                }
                return given;
            } catch (NetworkRefused refused) {
                leases.releaseThese(owner, fresh);
                throw refused;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes from an owner its addresses in all but these networks. Safe to repeat.
    public void releaseOthers(String owner, Set<String> networkIds) {
        lock.lock();
        try {
            leases.releaseOthers(owner, networkIds);
        } finally {
            lock.unlock();
        }
    }

    /// Takes all of its addresses from an owner. Safe to repeat.
    public void release(String owner) {
        lock.lock();
        try {
            leases.release(owner);
        } finally {
            lock.unlock();
        }
    }
}
