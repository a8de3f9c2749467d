package io.panal.node.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// The text form of certificates, keys and requests (RFC 7468).
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Base64.Encoder ENCODER = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    /// All certificates in the text, in its order.
    ///
    /// @throws IOException when a block is no certificate
    public static List<X509Certificate> certificates(String text) throws IOException {
        var found = new ArrayList<X509Certificate>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            for (byte[] block : blocks(text, "CERTIFICATE")) {
                found.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("not a certificate: " + e.getMessage(), e);
        }
        return List.copyOf(found);
    }

    /// The certificates as text, in the list's order.
    public static String text(List<X509Certificate> certificates) {
        try {
            var text = new StringBuilder();
            for (X509Certificate certificate : certificates) {
                text.append(text("CERTIFICATE", certificate.getEncoded()));
            }
            return text.toString();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate in use cannot be written", e);
        }
    }

    /// Names certificates in a log: the first bytes of each one's SHA-256.
    public static String digests(List<X509Certificate> certificates) {
        var digests = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                digests.append(digests.isEmpty() ? "" : ",")
                        .append(HexFormat.of().formatHex(digest, 0, 8));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        return digests.toString();
    }

    static String text(PrivateKey key) {
        return text("PRIVATE KEY", key.getEncoded());
    }

    static String text(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + ENCODER.encodeToString(content) + "\n-----END " + label + "-----\n";
    }

    /// A key in any unencrypted form that `openssl` writes (PKCS#8, SEC 1, PKCS#1), as the PKCS#8 text we keep.
    ///
    /// @throws IOException when it is none
    public static String normalKey(String text) throws IOException {
        try (var parser = new PEMParser(new StringReader(text))) {
            var converter = new JcaPEMKeyConverter();
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                if (found instanceof PEMKeyPair pair) {
                    return text(converter.getPrivateKey(pair.getPrivateKeyInfo()));
                }
                if (found instanceof PrivateKeyInfo info) {
                    return text(converter.getPrivateKey(info));
                }
            }
        }
        throw new IOException("no unencrypted private key");
    }

    /// An unencrypted PKCS#8 key of an elliptic curve or RSA.
    ///
    /// @throws IOException when there is no such block, or a key of another kind in it
    public static PrivateKey key(String text) throws IOException {
        List<byte[]> blocks = blocks(text, "PRIVATE KEY");
        if (blocks.isEmpty()) {
            throw new IOException("no PRIVATE KEY block");
        }
        var specification = new PKCS8EncodedKeySpec(blocks.getFirst());
        try {
            return KeyFactory.getInstance("EC").generatePrivate(specification);
        } catch (GeneralSecurityException notElliptic) {
            try {
                return KeyFactory.getInstance("RSA").generatePrivate(specification);
            } catch (GeneralSecurityException e) {
                e.addSuppressed(notElliptic);
                throw new IOException("not a key of a kind we know: " + e.getMessage(), e);
            }
        }
    }

    static List<byte[]> blocks(String text, String label) throws IOException {
        var blocks = new ArrayList<byte[]>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (matcher.group(1).equals(label)) {
                try {
                    blocks.add(Base64.getMimeDecoder()
                            .decode(matcher.group(2).strip().getBytes(StandardCharsets.US_ASCII)));
                } catch (IllegalArgumentException e) {
                    throw new IOException("not base64: " + e.getMessage(), e);
                }
            }
        }
        return blocks;
    }
}
