package io.panal.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network of the swarm.
///
/// @param allocation its VXLAN id and subnets; empty until the allocator has given them
/// @param departing removed by its user, and kept for tasks that are still ending on it: nobody finds it by
///     its name or id, and its VXLAN id is nobody else's until the last of them is gone
@JsonInclude(Include.NON_EMPTY)
public record Network(
        Id<Network> id,
        Meta meta,
        NetworkSpec spec,
        Optional<Allocation> allocation,
        @JsonInclude(Include.NON_DEFAULT) boolean departing)
        implements Stored<Network> {

    public static Network created(Id<Network> id, NetworkSpec spec) {
        return new Network(id, Meta.UNSTAMPED, spec, Optional.empty(), false);
    }

    public Network allocated(Allocation given) {
        return new Network(id, meta, spec, Optional.of(given), departing);
    }

    /// Its user has removed it.
    public Network leaving() {
        return new Network(id, meta, spec, allocation, true);
    }

    /// Whether it stands for a network that every node has of its own, as `host` and `bridge`: nothing is allocated
    /// in it, and no overlay is made.
    public boolean isOfNode() {
        return NetworkSpec.OF_NODE.contains(spec.driver());
    }

    @Override
    public Network stamped(Meta stamp) {
        return new Network(id, stamp, spec, allocation, departing);
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

    /// @param vxlanId 4096 and up
    public record Allocation(int vxlanId, List<Subnet> subnets) {
        public Allocation {
            subnets = List.copyOf(subnets);
        }
    }
}
