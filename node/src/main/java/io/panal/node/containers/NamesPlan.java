package io.panal.node.containers;

import java.util.List;

/// A container's own name and how it finds others.
///
/// @param domain      empty for none
/// @param hosts       lines of `/etc/hosts` after the usual ones, `address name...`
/// @param nameservers addresses for `/etc/resolv.conf`; with none, the host's file is copied
/// @param searches    domains, in order
/// @param options     of the resolver, such as `ndots:0`
public record NamesPlan(
        String hostname,
        String domain,
        List<String> hosts,
        List<String> nameservers,
        List<String> searches,
        List<String> options) {
    public NamesPlan {
        hosts = List.copyOf(hosts);
        nameservers = List.copyOf(nameservers);
        searches = List.copyOf(searches);
        options = List.copyOf(options);
    }

    /// A host name and nothing else.
    public static NamesPlan of(String hostname) {
        return new NamesPlan(hostname, "", List.of(), List.of(), List.of(), List.of());
    }

    /// With these lines in `/etc/hosts`.
    public NamesPlan knowing(List<String> otherHosts) {
        return new NamesPlan(hostname, domain, otherHosts, nameservers, searches, options);
    }

    /// Asking these servers for names.
    public NamesPlan asking(List<String> otherServers, List<String> otherSearches, List<String> otherOptions) {
        return new NamesPlan(hostname, domain, hosts, otherServers, otherSearches, otherOptions);
    }
}
