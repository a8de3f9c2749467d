package io.panal.images.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The proxies that the environment names, by the rules of docker's daemon: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`.
///
/// Addresses of this host and of private networks are always asked directly.
final class Proxies extends ProxySelector {
    private final Optional<InetSocketAddress> https;
    private final Optional<InetSocketAddress> http;
    private final List<String> exempt;

    /// @param environment as of [System#getenv]; lower-case names go before upper-case ones
    Proxies(Map<String, String> environment) {
        https = address(variable(environment, "https_proxy"));
        http = address(variable(environment, "http_proxy"));
        exempt = Stream.of(variable(environment, "no_proxy").split(",", -1))
                .map(entry -> entry.trim().toLowerCase(Locale.ROOT))
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    private static String variable(Map<String, String> environment, String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }

    private static Optional<InetSocketAddress> address(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI proxy = URI.create(text.contains("://") ? text : "http://" + text);
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return Optional.ofNullable(proxy.getHost()).map(host -> InetSocketAddress.createUnresolved(host, port));
    }

    /// The proxy to ask for a URL, if any.
    Optional<InetSocketAddress> proxy(URI url) {
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        boolean isDirect = host.equals("localhost")
                || Lookup.isPrivate(host)
                || exempt.stream().anyMatch(entry -> covers(entry, host));
        if (isDirect) {
            return Optional.empty();
        }
        return url.getScheme().equals("https") ? https : http;
    }

    private static boolean covers(String entry, String host) {
        String name = entry.startsWith("*.") ? entry.substring(1) : entry;
        String bare = name.startsWith(".") ? name.substring(1) : name;
        boolean isPart = host.endsWith("." + bare);
        return entry.equals("*") || isPart || (!name.startsWith(".") && host.equals(bare));
    }

    @Override
    public List<Proxy> select(URI url) {
        Proxy chosen = proxy(url)
                .map(address ->
                        new Proxy(Proxy.Type.HTTP, new InetSocketAddress(address.getHostString(), address.getPort())))
                .orElse(Proxy.NO_PROXY);
        return List.of(chosen);
    }

    /// A failure is told by the exchange itself.
    @Override
    public void connectFailed(URI url, SocketAddress proxy, IOException failure) {}
}
