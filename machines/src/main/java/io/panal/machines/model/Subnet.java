package io.panal.machines.model;

import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/// The network that machines share, named as docker-machine does: by the host's own address in it.
///
/// @param gateway the host's address on the bridge
/// @param prefix  8 to 29
public record Subnet(Address gateway, int prefix) {
    private static final long FIRST_HOST = 100;

    public Subnet {
        if (prefix < 8 || prefix > 29) {
            throw new IllegalStateException("prefix out of range: " + prefix);
        }
    }

    /// Reads `192.168.66.1/24`.
    public static Subnet parse(String text) throws MachineFailure {
        var slash = text.indexOf('/');
        if (slash < 0 || !text.substring(slash + 1).matches("\\d{1,2}")) {
            throw new MachineFailure("invalid CIDR address: " + text);
        }
        var prefix = Integer.parseInt(text.substring(slash + 1));
        if (prefix < 8 || prefix > 29) {
            throw new MachineFailure("invalid CIDR address: %s (the prefix must be 8 to 29)".formatted(text));
        }
        Address gateway;
        try {
            gateway = Address.parse(text.substring(0, slash));
        } catch (MachineFailure failure) {
            throw new MachineFailure("invalid CIDR address: " + text, failure);
        }
        var subnet = new Subnet(gateway, prefix);
        if (gateway.equals(subnet.network()) || gateway.equals(subnet.broadcast())) {
            throw new MachineFailure(
                    "host-only cidr must be specified with a host address, not a network address (for example %s/%d)"
                            .formatted(new Address(subnet.network().bits() + 1), prefix));
        }
        return subnet;
    }

    public Address network() {
        return new Address(gateway.bits() & mask());
    }

    public Address broadcast() {
        return new Address((gateway.bits() & mask()) | (~mask() & 0xffff_ffffL));
    }

    public boolean contains(Address address) {
        return (address.bits() & mask()) == network().bits();
    }

    public boolean overlaps(Subnet other) {
        return contains(other.network()) || other.contains(network());
    }

    /// The first free address from host number 100 upwards, then below it; a small network begins behind the gateway.
    ///
    /// @return empty when all are taken
    public Optional<Address> free(Set<Address> taken) {
        var first = network().bits() + FIRST_HOST;
        var start = first < broadcast().bits() ? first : gateway.bits() + 1;
        return LongStream.concat(
                        LongStream.range(start, broadcast().bits()),
                        LongStream.range(network().bits() + 1, start))
                .mapToObj(Address::new)
                .filter(address -> !address.equals(gateway) && !taken.contains(address))
                .findFirst();
    }

    /// `192.168.66.0/24`, as routes and filters want it.
    public String cidr() {
        return network() + "/" + prefix;
    }

    private long mask() {
        return 0xffff_ffffL << (32 - prefix) & 0xffff_ffffL;
    }

    @Override
    public String toString() {
        return gateway + "/" + prefix;
    }
}
