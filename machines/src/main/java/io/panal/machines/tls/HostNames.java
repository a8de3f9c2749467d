package io.panal.machines.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLPeerUnverifiedException;

/// For which hosts a certificate is, by its alternative names alone: the common name counts for nothing, as in Go.
///
/// The JDK's own check reads some hundred and fifty public authorities first, to know whether a wildcard is too wide.
///
/// @param names of domains, in lower case
/// @param addresses as the JDK writes them
record HostNames(List<String> names, List<InetAddress> addresses) {
    private static final int DOMAIN = 2;
    private static final int ADDRESS = 7;

    HostNames {
        names = List.copyOf(names);
        addresses = List.copyOf(addresses);
    }

    static HostNames of(X509Certificate certificate) throws SSLPeerUnverifiedException {
        List<String> names = new ArrayList<>();
        List<InetAddress> addresses = new ArrayList<>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                int kind = (Integer) alternative.get(0);
                if (kind == DOMAIN) {
                    names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
                } else if (kind == ADDRESS) {
                    addresses.add(InetAddress.ofLiteral(String.valueOf(alternative.get(1))));
                }
            }
        } catch (CertificateParsingException unreadable) {
            throw new SSLPeerUnverifiedException("the server's certificate cannot be read: " + unreadable.getMessage());
        }
        return new HostNames(names, addresses);
    }

    /// @param host a name or a literal address; a name's case and its last dot count for nothing
    boolean include(String host) {
        if (isLiteral(host)) {
            return addresses.contains(InetAddress.ofLiteral(host));
        }
        String wanted = host.toLowerCase(Locale.ROOT);
        String name = wanted.endsWith(".") ? wanted.substring(0, wanted.length() - 1) : wanted;
        return names.stream().anyMatch(pattern -> fits(pattern, name));
    }

    /// Why a host is not among them, as the docker client says it.
    String refusal(String host) {
        boolean literal = isLiteral(host);
        List<String> valid =
                literal ? addresses.stream().map(InetAddress::getHostAddress).toList() : names;
        if (valid.isEmpty()) {
            return literal
                    ? "cannot validate certificate for %s because it doesn't contain any IP SANs".formatted(host)
                    : "certificate is not valid for any names, but wanted to match " + host;
        }
        return "certificate is valid for %s, not %s".formatted(String.join(", ", valid), host);
    }

    private static boolean isLiteral(String host) {
        return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    }

    /// A star stands for one whole first label.
    private static boolean fits(String pattern, String name) {
        if (!pattern.startsWith("*.")) {
            return !pattern.isEmpty() && pattern.equals(name);
        }
        int dot = name.indexOf('.');
        return dot > 0 && name.substring(dot).equals(pattern.substring(1));
    }
}
