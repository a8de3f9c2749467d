package io.panal.images.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// Finds out how a registry is reached, once per host, and why it is not.
///
/// Public hosts are asked by HTTPS with a valid certificate. This host and private networks are tried with HTTPS and
/// fall back to plain HTTP, as docker does for `insecure-registries`.
final class Dialer {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /// A plain server may wait for a request that never comes, instead of refusing a greeting of TLS.
    private static final Duration HANDSHAKE = Duration.ofSeconds(3);

    private final Lazy<SSLContext> unchecked;
    private final Proxies proxies;
    private final Map<String, Endpoint> known = new ConcurrentHashMap<>();

    /// @param unchecked TLS that takes any certificate, to find out whether TLS is spoken
    Dialer(Lazy<SSLContext> unchecked, Proxies proxies) {
        this.unchecked = unchecked;
        this.proxies = proxies;
    }

    /// @param host with its port if it has one
    /// @throws RegistryException with docker's text when nobody answers there
    Endpoint endpoint(String host) throws RegistryException, InterruptedException {
        Endpoint before = known.get(host);
        if (before != null) {
            return before;
        }
        Endpoint found = dial(host);
        known.put(host, found);
        return found;
    }

    /// Forgets how a host was reached, because it is no longer.
    void forget(String host) {
        known.remove(host);
    }

    private Endpoint dial(String host) throws RegistryException, InterruptedException {
        URI https = url(host);
        if (proxies.proxy(https).isPresent()) {
            // Behind a proxy this host may have neither a name server nor a route.
            return new Endpoint(https, true);
        }
        List<InetAddress> addresses;
        try {
            addresses = Lookup.addresses(https.getHost());
        } catch (RegistryException unknown) {
            throw RegistryException.unreachable("Get \"%s/v2/\": %s".formatted(https, unknown.getMessage()));
        }
        if (addresses.stream().noneMatch(Lookup::isPrivate)) {
            reach(https, addresses, portOf(https));
            return new Endpoint(https, true);
        }
        return dialPrivate(host, https, addresses);
    }

    private static URI url(String host) throws RegistryException {
        URI url = URI.create("https://" + host);
        if (url.getHost() == null) {
            throw RegistryException.refused("\"%s\" is no registry's host name".formatted(host));
        }
        return url;
    }

    private Endpoint dialPrivate(String host, URI https, List<InetAddress> addresses) throws RegistryException {
        URI http = URI.create("http://" + host);
        if (https.getPort() >= 0) {
            InetSocketAddress peer = reach(http, addresses, https.getPort());
            return speaksTls(peer) ? new Endpoint(https, false) : new Endpoint(http, false);
        }
        try {
            if (speaksTls(reach(https, addresses, 443))) {
                return new Endpoint(https, false);
            }
        } catch (RegistryException closed) {
            // Only the plain port is left; its failure is the one to tell.
            reach(http, addresses, 80);
            return new Endpoint(http, false);
        }
        reach(http, addresses, 80);
        return new Endpoint(http, false);
    }

    /// The first address that takes a connection.
    private static InetSocketAddress reach(URI url, List<InetAddress> addresses, int port) throws RegistryException {
        String reason = "no address";
        for (InetAddress address : addresses) {
            InetSocketAddress peer = new InetSocketAddress(address, port);
            try (Socket socket = new Socket()) {
                socket.connect(peer, (int) PATIENCE.toMillis());
                return peer;
            } catch (IOException failure) {
                reason = "dial tcp %s: %s".formatted(text(peer), reason(failure));
            }
        }
        throw RegistryException.unreachable("Get \"%s/v2/\": %s".formatted(url, reason));
    }

    private boolean speaksTls(InetSocketAddress peer) {
        try (Socket plain = new Socket()) {
            plain.connect(peer, (int) PATIENCE.toMillis());
            plain.setSoTimeout((int) HANDSHAKE.toMillis());
            try (SSLSocket secure = (SSLSocket) unchecked
                    .value()
                    .getSocketFactory()
                    .createSocket(plain, peer.getAddress().getHostAddress(), peer.getPort(), true)) {
                secure.startHandshake();
                return true;
            }
        } catch (IOException notTls) {
            return false;
        }
    }

    /// Go's words for what the kernel said.
    static String reason(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return "i/o timeout";
        }
        String said = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        for (String known : List.of("connection refused", "no route to host", "network is unreachable")) {
            if (said.contains(known)) {
                return "connect: " + known;
            }
        }
        return said.contains("timed out") ? "connect: connection timed out" : "connect: " + said;
    }

    private static String text(InetSocketAddress peer) {
        String address = peer.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + peer.getPort();
    }

    private static int portOf(URI https) {
        return https.getPort() < 0 ? 443 : https.getPort();
    }
}
