package io.panal.node.identity;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// What this node shows to others and whom it believes, replaceable while connections are open.
///
/// New connections use the new state at once; open ones keep theirs, so listeners make their links again.
public final class Identity {
    private record State(Credentials credentials, Roots roots) {}

    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile State state;

    public Identity(Credentials credentials) {
        state = new State(credentials, new Roots(credentials.roots()));
    }

    public Credentials credentials() {
        return state.credentials;
    }

    public NodeName name() {
        return state.credentials.name();
    }

    /// Takes other credentials into use and tells the watchers.
    public void replace(Credentials credentials) {
        state = new State(credentials, new Roots(credentials.roots()));
        watchers.forEach(Runnable::run);
    }

    /// Calls back after each [#replace]; must not block.
    public void watch(Runnable watcher) {
        watchers.add(watcher);
    }

    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    /// For both ends of a link.
    public X509ExtendedKeyManager keys() {
        return new Keys();
    }

    /// For a server: any node of this swarm. Which role a service needs is checked call by call.
    public X509ExtendedTrustManager anyNode() {
        return new Trust(Optional.empty());
    }

    /// For a client: only a manager of this swarm answers. Host names are not looked at.
    public X509ExtendedTrustManager managersOnly() {
        return new Trust(Optional.of(Role.MANAGER));
    }

    private final class Keys extends X509ExtendedKeyManager {
        private static final String ALIAS = "node";

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseEngineClientAlias(
                String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public @Nullable String chooseServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
            return fits(type) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(
                String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
            return fits(type) ? ALIAS : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return state.credentials.chain().toArray(X509Certificate[]::new);
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return state.credentials.key();
        }

        private boolean fits(String type) {
            return type.startsWith(state.credentials.key().getAlgorithm());
        }
    }

    private final class Trust extends ChainTrust {
        private final Optional<Role> wanted;

        Trust(Optional<Role> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            State now = state;
            now.roots.checkClient(chain, type);
            checkName(chain[0], now.credentials);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            State now = state;
            now.roots.checkServer(chain, type);
            checkName(chain[0], now.credentials);
        }

        private void checkName(X509Certificate certificate, Credentials own) throws CertificateException {
            NodeName peer = NodeName.of(certificate)
                    .orElseThrow(() -> new CertificateException("the peer's certificate names no node"));
            if (!peer.clusterId().equals(own.name().clusterId())) {
                throw new CertificateException("the peer belongs to another swarm: " + peer.clusterId());
            }
            if (wanted.isPresent() && peer.role() != wanted.get()) {
                throw new CertificateException("the peer is no manager: " + peer.nodeId());
            }
        }
    }
}
