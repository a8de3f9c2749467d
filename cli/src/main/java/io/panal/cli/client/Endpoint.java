package io.panal.cli.client;

import java.nio.file.Path;
import java.util.Optional;

/// Where a daemon listens.
///
/// @param name as the user would write it, such as `unix:///run/panal/docker.sock`
/// @param place the address itself
/// @param tls set when the connection is encrypted
public record Endpoint(String name, Place place, Optional<Tls> tls) {
    /// A socket's address.
    public sealed interface Place {
        record Unix(Path path) implements Place {}

        record Tcp(String host, int port) implements Place {}
    }

    /// What to trust and what to show; a path that does not exist is left out.
    ///
    /// @param verify whether the daemon's certificate is checked
    public record Tls(boolean verify, Path authority, Path certificate, Path key) {}

    /// Reads an address as `-H` and `DOCKER_HOST` give it.
    ///
    /// @throws UnreachableException when it is none
    public static Endpoint parse(String text, Optional<Tls> tls) throws UnreachableException {
        int scheme = text.indexOf("://");
        String kind = scheme < 0 ? "tcp" : text.substring(0, scheme);
        String rest = scheme < 0 ? text : text.substring(scheme + 3);
        return switch (kind) {
            case "unix" -> new Endpoint(text, new Place.Unix(Path.of(rest)), Optional.empty());
            case "tcp", "http", "https" -> new Endpoint(scheme < 0 ? "tcp://" + text : text, tcp(text, rest, tls), tls);
            case "ssh" ->
                throw new UnreachableException("Failed to initialize: unable to resolve docker endpoint: ssh is not "
                        + "offered here; forward the socket (ssh -L /tmp/panal.sock:/run/panal/docker.sock HOST) "
                        + "and use -H unix:///tmp/panal.sock");
            default -> throw invalid(text);
        };
    }

    private static UnreachableException invalid(String text) {
        return new UnreachableException(
                "Failed to initialize: unable to resolve docker endpoint: invalid bind address format: " + text);
    }

    private static Place tcp(String text, String rest, Optional<Tls> tls) throws UnreachableException {
        int slash = rest.indexOf('/');
        String address = slash < 0 ? rest : rest.substring(0, slash);
        int colon = address.lastIndexOf(':');
        boolean hasPort = colon > address.lastIndexOf(']');
        String host = hasPort ? address.substring(0, colon) : address;
        host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        if (!hasPort) {
            return new Place.Tcp(host, tls.isPresent() ? 2376 : 2375);
        }
        try {
            int port = Integer.parseInt(address.substring(colon + 1));
            return new Place.Tcp(host.isEmpty() ? "localhost" : host, port);
        } catch (NumberFormatException _) {
            throw invalid(text);
        }
    }
}
