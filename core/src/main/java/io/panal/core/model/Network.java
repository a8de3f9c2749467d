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
@JsonInclude(Include.NON_EMPTY)
public record Network(Id<Network> id, Meta meta, NetworkSpec spec, Optional<Allocation> allocation)
        implements Stored<Network> {

    public static Network created(Id<Network> id, NetworkSpec spec) {
        return new Network(id, Meta.UNSTAMPED, spec, Optional.empty());
    }

    public Network allocated(Allocation given) {
        return new Network(id, meta, spec, Optional.of(given));
    }

    @Override
    public Network stamped(Meta stamp) {
        return new Network(id, stamp, spec, allocation);
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
    @JsonInclude(Include.NON_EMPTY)
    public record Subnet(
            String subnet, @JsonProperty("IPRange") String ipRange, String gateway) {}

    /// @param vxlanId 4096 and up
    public record Allocation(int vxlanId, List<Subnet> subnets) {
        public Allocation {
            subnets = List.copyOf(subnets);
        }
    }
}
