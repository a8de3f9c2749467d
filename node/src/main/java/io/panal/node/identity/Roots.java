package io.panal.node.identity;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// The authorities a node believes, checked by the JDK's own path validation.
final class Roots {
    private final X509TrustManager validator;

    Roots(List<X509Certificate> roots) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < roots.size(); i++) {
                store.setCertificateEntry("root-" + i, roots.get(i));
            }
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            validator = (X509TrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("trusted roots cannot be held in memory", e);
        }
    }

    void checkServer(X509Certificate[] chain, String type) throws CertificateException {
        validator.checkServerTrusted(chain, type);
    }

    void checkClient(X509Certificate[] chain, String type) throws CertificateException {
        validator.checkClientTrusted(chain, type);
    }

    X509Certificate[] accepted() {
        return validator.getAcceptedIssuers();
    }

    boolean signed(List<X509Certificate> chain) {
        try {
            validator.checkClientTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
            return true;
        } catch (CertificateException | IllegalArgumentException _) {
            return false;
        }
    }
}
