package io.panal.node.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The swarm's root: it signs what the manager has decided.
///
/// Subject names, life times and the hour of back-dating are swarmkit's.
public final class Authority {
    /// How long a node's certificate is valid when the cluster says nothing else.
    public static final Duration NODE_VALIDITY = Duration.ofDays(90);

    private static final Duration ROOT_VALIDITY = Duration.ofDays(20L * 365);
    private static final int SERIAL_BITS = 159;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final List<X509Certificate> endorsements;

    private Authority(X509Certificate certificate, PrivateKey key, List<X509Certificate> endorsements) {
        this.certificate = certificate;
        this.key = key;
        this.endorsements = List.copyOf(endorsements);
    }

    /// A new self-signed root with a new key.
    public static Authority create(Instant now) {
        KeyPair pair = SigningRequest.newKey();
        var name = new X500Name("CN=swarm-ca");
        try {
            var builder = builder(name, name, pair.getPublic(), now, ROOT_VALIDITY);
            addAuthoritysExtensions(builder, pair.getPublic());
            return new Authority(signed(builder, pair.getPrivate()), pair.getPrivate(), List.of());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("a new root cannot be made", e);
        }
    }

    private static void addAuthoritysExtensions(X509v3CertificateBuilder builder, PublicKey key)
            throws IOException, GeneralSecurityException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(1));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(
                Extension.subjectKeyIdentifier, false, new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    }

    /// Another root as this one signs it: whoever trusts only this one believes what the other has signed.
    public X509Certificate endorse(Authority other, Instant now) {
        X509Certificate next = other.certificate;
        try {
            var builder = builder(
                    name(certificate),
                    name(next),
                    next.getPublicKey(),
                    now,
                    bounded(now, Duration.between(now, next.getNotAfter().toInstant())));
            addAuthoritysExtensions(builder, next.getPublicKey());
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return signed(builder, key);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the swarm's root cannot sign the next one", e);
        }
    }

    /// The same root, whose nodes show these certificates after their own.
    public Authority endorsedBy(List<X509Certificate> others) {
        return new Authority(certificate, key, others);
    }

    /// What a node is to show: its certificate, then what leads from it to the root that the others trust.
    public List<X509Certificate> chain(X509Certificate issued) {
        return Stream.concat(Stream.of(issued), endorsements.stream()).toList();
    }

    private static X500Name name(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    /// A root from its texts, as [#certificateText] and [#keyText] give them.
    ///
    /// @throws IOException when they cannot be read or do not belong together
    public static Authority read(String certificateText, String keyText) throws IOException {
        List<X509Certificate> certificates = Pem.certificates(certificateText);
        if (certificates.isEmpty()) {
            throw new IOException("no CERTIFICATE block");
        }
        var authority = new Authority(certificates.getFirst(), Pem.key(keyText), List.of());
        if (!new Credentials(authority.key, List.of(authority.certificate), List.of()).keyFits()) {
            throw new IOException("the key does not belong to the certificate");
        }
        return authority;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public boolean isValid(Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && now.isBefore(certificate.getNotAfter().toInstant());
    }

    public String certificateText() {
        return Pem.text(List.of(certificate));
    }

    /// The private key, PKCS#8: for the encrypted log only.
    public String keyText() {
        return Pem.text(key);
    }

    /// Signs a node's certificate.
    ///
    /// @param validity from now; it never outlives the root
    public X509Certificate issue(SigningRequest request, NodeName name, Instant now, Duration validity) {
        var subject = new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.O, name.clusterId())
                .addRDN(BCStyle.OU, name.role().unit())
                .addRDN(BCStyle.CN, name.nodeId())
                .build();
        var issuer = name(certificate);
        try {
            var builder = builder(issuer, subject, request.publicKey(), now, bounded(now, validity));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(
                    Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames(name));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return signed(builder, key);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("the swarm's root cannot sign for " + name, e);
        }
    }

    private Duration bounded(Instant now, Duration validity) {
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        return validity.compareTo(left) < 0 ? validity : left;
    }

    private static GeneralNames alternativeNames(NodeName name) {
        return new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, name.role().unit()),
            new GeneralName(GeneralName.dNSName, name.nodeId())
        });
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration validity) {
        var serial = new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE);
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(Credentials.CLOCK_SKEW)),
                Date.from(now.plus(validity)),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            var signer = new JcaContentSignerBuilder(algorithm).build(key);
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }
}
