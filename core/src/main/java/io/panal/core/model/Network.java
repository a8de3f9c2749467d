package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network of the swarm.
///
/// @param allocation its VXLAN id and subnets; empty until the allocator has given them
/// @param departing removed by its user, and kept for tasks that are still ending on it: nobody finds it by
///     its name or id, and its VXLAN id is nobody else's until the last of them is gone
/// @param sealing the keys of an encrypted one; never shown by the API
@JsonInclude(Include.NON_EMPTY)
public record Network(
        Id<Network> id,
        Meta meta,
        NetworkSpec spec,
        Optional<Allocation> allocation,
        @JsonInclude(Include.NON_DEFAULT) boolean departing,
        Optional<Sealing> sealing)
        implements Stored<Network> {
    /// Docker's word for it: whatever is said with it, the network is encrypted.
    public static final String ENCRYPTED = "encrypted";

    public static Network created(Id<Network> id, NetworkSpec spec) {
        return new Network(id, Meta.UNSTAMPED, spec, Optional.empty(), false, Optional.empty());
    }

    public Network allocated(Allocation given) {
        return new Network(id, meta, spec, Optional.of(given), departing, sealing);
    }

    /// Its user has removed it.
    public Network leaving() {
        return new Network(id, meta, spec, allocation, true, sealing);
    }

    public Network sealedWith(Sealing keys) {
        return new Network(id, meta, spec, allocation, departing, Optional.of(keys));
    }

    /// Without its keys.
    public Network unsealed() {
        return new Network(id, meta, spec, allocation, departing, Optional.empty());
    }

    /// Whether what its tasks send each other may leave a node only encrypted.
    public boolean isEncrypted() {
        return !isOfNode() && spec.options().containsKey(ENCRYPTED);
    }

    /// Whether it stands for a network that every node has of its own, as `host` and `bridge`: nothing is allocated
    /// in it, and no overlay is made.
    public boolean isOfNode() {
        return NetworkSpec.OF_NODE.contains(spec.driver());
    }

    @Override
    public Network stamped(Meta stamp) {
        return new Network(id, stamp, spec, allocation, departing, sealing);
    }

    /// What a user asked for (the body of `POST /networks/create`).
    @JsonInclude(Include.NON_EMPTY)
    public record NetworkSpec(
            @JsonInclude(Include.ALWAYS) String name,
            @JsonInclude(Include.ALWAYS) Map<String, String> labels,
            String driver,
            Map<String, String> options,
            boolean internal,
            boolean attachable,
            boolean ingress,
            @JsonProperty("EnableIPv6") boolean enableIpv6,
            @JsonProperty("IPAM") Optional<Ipam> ipam) {
        /// The drivers of those that every node has of its own; each such network has its driver's name.
        public static final List<String> OF_NODE = List.of("bridge", "host");

        /// What Docker marks those with.
        private static final Map<String, String> PREDEFINED = Map.of("com.docker.swarm.predefined", "true");

        /// A network that every node has of its own, for services to name.
        ///
        /// @param driver of [#OF_NODE]
        public static NetworkSpec ofNode(String driver) {
            return new NetworkSpec(driver, PREDEFINED, driver, Map.of(), false, false, false, false, Optional.empty());
        }

        public NetworkSpec {
            labels = Labels.sorted(labels);
            options = Labels.sorted(options);
        }
    }

    @JsonInclude(Include.NON_EMPTY)
    public record Ipam(String driver, Map<String, String> options, List<Subnet> config) {
        public Ipam {
            options = Labels.sorted(options);
            config = List.copyOf(config);
        }
    }

    /// @param subnet 10.0.1.0/24
    /// @param ipRange the part of it that addresses are given from; empty is all
    /// @param auxiliaryAddresses that are never given, by what they are for
    @JsonInclude(Include.NON_EMPTY)
    public record Subnet(
            String subnet,
            @JsonProperty("IPRange") String ipRange,
            String gateway,
            Map<String, String> auxiliaryAddresses) {
        public Subnet {
            auxiliaryAddresses = Labels.sorted(auxiliaryAddresses);
        }

        /// Without addresses that are kept free.
        public static Subnet of(String subnet, String ipRange, String gateway) {
            return new Subnet(subnet, ipRange, gateway, Map.of());
        }
    }

    /// The keys of an encrypted network, oldest first: maybe one that was sealed with before, the one that is sealed
    /// with now, and the next. All of them open.
    ///
    /// @param since when the present one became the one to seal with
    public record Sealing(List<Key> keys, Instant since) {
        private static final int KEPT = 3;

        public Sealing {
            keys = List.copyOf(keys);
            if (keys.size() < 2) {
                throw new IllegalArgumentException("an encrypted network has the present key and the next");
            }
        }

        /// @param present in base 64, as the next
        public static Sealing begun(String present, String next, Instant now) {
            return new Sealing(List.of(new Key(1, present), new Key(2, next)), now);
        }

        /// What was the next is the present one now.
        ///
        /// @param next in base 64
        public Sealing rotated(String next, Instant now) {
            List<Key> rotated = new ArrayList<>(keys);
            rotated.add(new Key(keys.getLast().generation() + 1, next));
            return new Sealing(rotated.subList(Math.max(0, rotated.size() - KEPT), rotated.size()), now);
        }

        public Key present() {
            return keys.get(keys.size() - 2);
        }
    }

    /// @param generation 1 and up
    /// @param secret 256 bits in base 64
    public record Key(int generation, String secret) {
        /// Without the secret, which belongs in no log.
        @Override
        public String toString() {
            return "Key[generation=" + generation + "]";
        }
    }

    /// @param vxlanId 4096 and up
    public record Allocation(int vxlanId, List<Subnet> subnets) {
        public Allocation {
            subnets = List.copyOf(subnets);
        }
    }
}
